// A vigied of its own for a test: started in a folder with a configuration and a free port, watched, killed, started again.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { ask } from './http.mjs';
import { ndjson } from './items.mjs';
import { program, rows, vigie } from './programs.mjs';
import { final, patience, until } from './wait.mjs';
import { afterwards, freePort, put, workspace } from './workspace.mjs';

const auroraAir = {
  name: 'aurora-air',
  display: 'Aurora Air',
  query: '("aurora air" OR auroraair)',
  functions: { safety: 'smoke OR emergency' },
};

/** A configuration as YAML; each section is YAML in JSON's spelling. */
export function configuration({
  port,
  rules,
  brands = [auroraAir],
  sources = [{ name: 'push', kind: 'push' }],
  route,
  receivers,
  more = {},
}) {
  const sections = { listen: `127.0.0.1:${port}`, data_dir: 'data', timezone: 'Europe/Paris', brands, sources, ...more };
  if (rules) sections.rules = ['rules/*.yaml'];
  if (receivers) {
    sections.route = { receiver: receivers[0].name, group_by: ['alertname', 'brand'], group_wait: '0s', group_interval: '1s', ...route };
    sections.receivers = receivers;
  }
  return Object.entries(sections)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** A rule file with rules that are asked each second. */
export function ruleFile(...rules) {
  return `groups:\n  - name: quick\n    interval: 1s\n    rules:\n${rules.map(rule => `      - ${JSON.stringify(rule)}\n`).join('')}`;
}

export class Daemon {
  constructor(dir, port) {
    this.dir = dir;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.config = `${dir}/vigie.yaml`;
    this.data = `${dir}/data`;
    this.output = '';
    this.env = {};
    this.args = [];
    this.agent = new http.Agent({ keepAlive: true });
  }

  /** Writes configuration and rules into a new folder, and starts a daemon on it. `start: false` leaves that to the test. */
  static async make(t, { rules = [], start = true, env = {}, args = [], yaml, ...settings } = {}) {
    const dir = workspace(t);
    const daemon = new Daemon(dir, await freePort());
    daemon.env = env;
    daemon.args = args;
    if (rules.length > 0) put(dir, 'rules/test.yaml', ruleFile(...rules));
    daemon.settings = { rules: rules.length > 0, ...settings };
    put(dir, 'vigie.yaml', yaml ?? configuration({ port: daemon.port, ...daemon.settings }));
    afterwards(t, () => daemon.kill());
    if (start) await daemon.start();
    return daemon;
  }

  /** Writes the configuration anew, with these settings changed. */
  configure(settings) {
    this.settings = { ...this.settings, ...settings };
    put(this.dir, 'vigie.yaml', configuration({ port: this.port, ...this.settings }));
  }

  /** Starts the process without waiting. */
  spawn() {
    const child = spawn(program('vigied'), ['--config', this.config, ...this.args], {
      cwd: this.dir,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.exit = undefined;
    child.stdout.on('data', part => {
      this.output += part;
    });
    child.stderr.on('data', part => {
      this.output += part;
    });
    this.ended = new Promise(resolve => {
      child.on('close', (code, signal) => {
        this.exit = { code, signal };
        resolve(this.exit);
      });
    });
  }

  async start() {
    this.spawn();
    await this.ready();
    return this;
  }

  async ready({ seconds = 20, every = 20 } = {}) {
    await until(
      'vigied to be ready',
      async () => {
        if (this.exit) throw final(`vigied ended with ${JSON.stringify(this.exit)}:\n${this.output}`);
        return (await ask(`${this.url}/-/ready`)).status === 200;
      },
      { seconds, every },
    );
  }

  /** SIGTERM, and the exit code. */
  async stop() {
    this.child.kill('SIGTERM');
    return this.end(20);
  }

  /** SIGKILL. */
  async kill() {
    if (!this.child || this.exit) return;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async end(seconds) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`vigied has not ended:\n${this.output}`)), seconds * 1000 * patience);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for a line of the log. */
  logged(pattern, options) {
    return until(`the log to say ${pattern}`, () => this.output.match(pattern), options);
  }

  get(path, options) {
    return ask(this.url + path, options);
  }

  async json(path) {
    const answer = await this.get(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.json();
  }

  status() {
    return this.json('/api/v1/status');
  }

  /** Waits until so many notifications have been delivered and the receiver has said so. */
  delivered(count = 1) {
    return until(`${count} deliveries`, async () => {
      const found = (await this.get('/metrics')).text.match(/^vigie_deliveries_total\{outcome="delivered"\} (\d+)$/m);
      return Number(found?.[1] ?? 0) >= count;
    });
  }

  /** Pushes records as NDJSON; `body` sends raw bytes instead. */
  push(records, { token, type = 'application/x-ndjson', body, headers = {}, agent = this.agent } = {}) {
    const all = { 'Content-Type': type, ...headers };
    if (token) all.Authorization = `Bearer ${token}`;
    return ask(`${this.url}/api/v1/items`, { method: 'POST', headers: all, body: body ?? ndjson(records), agent });
  }

  /** What the stopped daemon's store holds. */
  async exported() {
    const done = await vigie(['export', '--data', this.data]);
    if (done.code !== 0) throw new Error(`vigie export ended with ${done.code}: ${done.err}`);
    return rows(done.out);
  }

  vigie(...args) {
    return vigie(args, { env: { VIGIE_URL: this.url } });
  }
}
