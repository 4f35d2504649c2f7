// The process: what it says when it cannot start, reloads, full disks, signals, systemd, secrets, metrics.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, it, test } from 'node:test';
import { Daemon, ruleFile } from './lib/daemon.mjs';
import { HttpReceiver, ask } from './lib/http.mjs';
import { items } from './lib/items.mjs';
import { has, run } from './lib/programs.mjs';
import { until } from './lib/wait.mjs';
import { afterwards, freePort, put, workspace } from './lib/workspace.mjs';

const busy = { alert: 'Busy', expr: 'mentions[1h] >= 5', labels: { severity: 'critical' } };

/** Starts a daemon that is expected to give up, and answers its exit code. */
async function failing(daemon) {
  daemon.spawn();
  const { code } = await daemon.end(20);
  return code;
}

/** A tmpfs, unmounted after the test; undefined where mounting is not permitted. */
function tmpfs(t, options) {
  const dir = workspace(t);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  if (mounted.status !== 0) {
    t.skip(`mounting a tmpfs is not permitted here: ${mounted.stderr ?? mounted.error}`);
    return undefined;
  }
  afterwards(t, () => spawnSync('umount', ['-l', dir]));
  return dir;
}

describe('starting', () => {
  it('a second daemon on the same data gives up and says why, and the first goes on', async t => {
    const first = await Daemon.make(t);
    const second = await Daemon.make(t, { start: false });
    second.args = ['--data', first.data];
    assert.equal(await failing(second), 1);
    assert.match(second.output, /already running on /);
    assert.equal((await first.push(items(1))).status, 202);
  });

  it('a port in use is named', async t => {
    const daemon = await Daemon.make(t, { start: false });
    const other = createServer();
    await new Promise(resolve => other.listen(daemon.port, '127.0.0.1', resolve));
    afterwards(t, () => other.close());
    assert.equal(await failing(daemon), 1);
    assert.match(daemon.output, new RegExp(`port ${daemon.port} on 127\\.0\\.0\\.1 is in use`));
  });

  it('a missing data directory is made, for its owner alone to write', async t => {
    const daemon = await Daemon.make(t, { more: { data_dir: 'deep/down/data' } });
    assert.ok(existsSync(`${daemon.dir}/deep/down/data/db/CURRENT`));
    await daemon.stop();
  });

  it('a data directory that cannot be made or is none is named', async t => {
    const daemon = await Daemon.make(t, { start: false, more: { data_dir: 'file/data' } });
    put(daemon.dir, 'file', 'not a folder');
    assert.equal(await failing(daemon), 1);
    assert.match(daemon.output, /data directory.*file\/data|file\/data.*data directory/);
    daemon.output = '';
    daemon.configure({ more: { data_dir: 'file' } });
    assert.equal(await failing(daemon), 1);
    assert.match(daemon.output, /not a directory/);
  });

  it('a data directory that is read-only is named', async t => {
    const dir = tmpfs(t, 'size=1m,ro');
    if (!dir) return;
    const daemon = await Daemon.make(t, { start: false, args: ['--data', dir] });
    assert.equal(await failing(daemon), 1);
    assert.match(daemon.output, /cannot write the data directory/);
    assert.ok(daemon.output.includes(dir));
  });

  it('an invalid configuration is wrong usage, with each mistake placed', async t => {
    const daemon = await Daemon.make(t, { start: false, yaml: 'listen: 127.0.0.1:1\nbrand: []\ntimezone: Mars/Olympus\n' });
    assert.equal(await failing(daemon), 2);
    assert.match(daemon.output, /vigie\.yaml:2:1: .*brand/);
    assert.match(daemon.output, /vigie\.yaml:3:11: .*Mars\/Olympus/);
    assert.equal(existsSync(daemon.data), false);
  });
});

describe('a full disk', () => {
  it('stops intake with 503, stops nothing else, and intake goes on when there is space again', async t => {
    const dir = tmpfs(t, 'size=320m');
    if (!dir) return;
    const hook = await HttpReceiver.start(t);
    const daemon = await Daemon.make(t, {
      args: ['--data', dir],
      rules: [busy],
      receivers: [{ name: 'hook', webhook_configs: [{ url: hook.url, allow_private: true }] }],
    });
    daemon.data = dir;
    const kept = items(3);
    assert.equal((await daemon.push(kept)).status, 202);

    for (const leave of [40 << 20, 0]) {
      fill(`${dir}/filler`, leave);
      const refused = await daemon.push(items(1));
      assert.equal(refused.status, 503, refused.text);
      assert.ok(Number(refused.headers['retry-after']) >= 1);
      assert.match(refused.json().error.message, /free/);
      assert.equal((await daemon.get('/-/healthy')).status, 200);
      assert.equal((await daemon.status()).accepts_intake, false);
      assert.match((await daemon.get('/metrics')).text, /vigie_intake_accepting 0\b/);
      assert.match((await daemon.vigie('status')).out, /INTAKE IS REFUSED/);
      rmSync(`${dir}/filler`);
      const more = items(2);
      const taken = await daemon.push(more);
      assert.equal(taken.status, 202, taken.text);
      kept.push(...more);
    }
    // Seven mentions are more than five: alerts still work.
    await hook.received();
    assert.equal(daemon.exit, undefined);
    assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
    assert.deepEqual((await daemon.exported()).map(one => one.id).sort(), kept.map(one => one.id).sort());
  });

  /** Writes a file that leaves `leave` bytes free. */
  function fill(file, leave) {
    const { bavail, bsize } = statfsSync(file.slice(0, file.lastIndexOf('/')));
    const block = Buffer.alloc(1 << 20, 1);
    try {
      writeFileSync(file, '');
      for (let rest = bavail * bsize - leave; rest > 0; rest -= block.length) {
        writeFileSync(file, rest < block.length ? block.subarray(0, rest) : block, { flag: 'a' });
      }
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
});

describe('reload', () => {
  it('a broken file changes nothing, and the log names its line and column; a sound one is told by its differences', async t => {
    const daemon = await Daemon.make(t, { rules: [busy] });
    put(daemon.dir, 'rules/test.yaml', ruleFile(busy).replace('mentions[1h]', 'mention[1h]'));
    daemon.child.kill('SIGHUP');
    await daemon.logged(/rules\/test\.yaml:5:\d+: .*mention/);
    await daemon.logged(/the old configuration goes on/);
    const status = await daemon.status();
    assert.match(status.last_reload_error, /test\.yaml:5:\d+: /);
    assert.equal(status.rules, 1);
    await daemon.push(items(6));
    await until('the old rule to fire', async () => (await daemon.json('/api/v1/alerts'))[0]?.state === 'firing');

    put(
      daemon.dir,
      'rules/test.yaml',
      ruleFile({ ...busy, expr: 'mentions[1h] >= 4' }, { ...busy, alert: 'Busier', expr: 'mentions[1h] >= 500' }),
    );
    daemon.configure({
      brands: [
        { name: 'aurora-air', display: 'Aurora', query: 'aurora' },
        { name: 'borealis', query: 'borealis' },
      ],
    });
    daemon.child.kill('SIGHUP');
    for (const words of [/rule gained: Busier/, /rule changed: Busy/, /brand gained: borealis/, /brand changed: aurora-air/])
      await daemon.logged(words);
    assert.equal((await daemon.status()).rules, 2);
    assert.equal((await daemon.status()).last_reload_error, undefined);
    // A reload ends no alert.
    assert.equal((await daemon.json('/api/v1/alerts')).find(one => one.labels.alertname === 'Busy').state, 'firing');

    const answer = await ask(`${daemon.url}/-/reload`, { method: 'POST' });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json(), { changes: ['nothing changed'] });
    put(daemon.dir, 'vigie.yaml', 'listen: [');
    const refused = await ask(`${daemon.url}/-/reload`, { method: 'POST' });
    assert.equal(refused.status, 400);
    assert.match(refused.json().error.message, /vigie\.yaml:\d+:\d+/);
    assert.equal((await ask(`${daemon.url}/-/reload`)).status, 405);
    assert.match((await daemon.get('/metrics')).text, /vigie_config_reloads_total\{outcome="failure"\} 2\b/);
  });

  it('reloads under load lose nothing and double nothing', async t => {
    const daemon = await Daemon.make(t, { rules: [busy] });
    const acknowledged = [];
    let running = true;
    const load = Promise.all(
      Array.from({ length: 3 }, async () => {
        while (running) {
          const batch = items(30);
          for (;;) {
            const answer = await daemon.push(batch);
            if (answer.status === 202) {
              const { accepted, duplicates } = answer.json();
              assert.equal(accepted + duplicates, batch.length);
              break;
            }
            assert.equal(answer.status, 503, answer.text);
            assert.ok(answer.headers['retry-after']);
          }
          acknowledged.push(...batch.map(one => one.id));
        }
      }),
    );
    const borealis = { name: 'borealis', query: 'borealis' };
    const aurora = { name: 'aurora-air', query: 'aurora' };
    for (let i = 0; i < 12; ++i) {
      const before = acknowledged.length;
      daemon.configure({ brands: i % 2 === 0 ? [borealis, aurora] : [aurora] });
      const answer = await ask(`${daemon.url}/-/reload`, { method: 'POST' });
      assert.equal(answer.status, 200, answer.text);
      await until('intake to go on', () => acknowledged.length > before);
    }
    running = false;
    await load;
    const [alert] = await daemon.json('/api/v1/alerts');
    assert.equal(alert.values['mentions[1h]'], acknowledged.length);
    assert.equal((await daemon.status()).mentions, acknowledged.length);
    await daemon.stop();
    const stored = (await daemon.exported()).map(one => one.id);
    assert.deepEqual(stored.sort(), acknowledged.sort());
  });

  it('a rule that goes takes its alerts along, and the receiver is told', async t => {
    const hook = await HttpReceiver.start(t);
    const daemon = await Daemon.make(t, {
      rules: [busy],
      receivers: [{ name: 'hook', webhook_configs: [{ url: hook.url, allow_private: true }] }],
    });
    await daemon.push(items(6));
    await hook.received();
    put(daemon.dir, 'rules/test.yaml', ruleFile({ ...busy, alert: 'Other', expr: 'mentions[1h] >= 500' }));
    daemon.child.kill('SIGHUP');
    const [, ended] = await hook.received(2);
    assert.equal(JSON.parse(ended.body).status, 'resolved');
    await daemon.logged(/rule lost: Busy/);
  });
});

describe('signals and systemd', () => {
  it('SIGTERM under load ends with 0 within 20 seconds, and what was acknowledged is stored', async t => {
    const daemon = await Daemon.make(t);
    const acknowledged = [];
    let running = true;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (running) {
          const batch = items(50);
          const answer = await daemon.push(batch, { agent: undefined }).catch(() => undefined);
          if (answer?.status === 202) acknowledged.push(...batch.map(one => one.id));
          else running = false;
        }
      }),
    );
    await until('some load', () => acknowledged.length > 500);
    const begin = Date.now();
    const end = await daemon.stop();
    const took = Date.now() - begin;
    running = false;
    await load;
    assert.deepEqual(end, { code: 0, signal: null });
    assert.ok(took < 20_000, `${took} ms`);
    const stored = new Set((await daemon.exported()).map(one => one.id));
    assert.deepEqual(
      acknowledged.filter(id => !stored.has(id)),
      [],
    );
  });

  it('SIGTERM does not wait for a receiver that hangs', async t => {
    const hook = await HttpReceiver.start(t, () => 'hang');
    const daemon = await Daemon.make(t, {
      rules: [busy],
      receivers: [{ name: 'hook', webhook_configs: [{ url: hook.url, allow_private: true }] }],
    });
    await daemon.push(items(6));
    await hook.received();
    const begin = Date.now();
    assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
    assert.ok(Date.now() - begin < 20_000);
    hook.answer = () => 200;
    await daemon.start();
    const [first, second] = await hook.received(2);
    assert.equal(second.headers['webhook-id'], first.headers['webhook-id']);
  });

  it('tells systemd when it is ready, reloads and stops, and feeds the watchdog', async t => {
    const dir = workspace(t);
    const socket = `${dir}/notify`;
    // Perl is part of every Debian; Node has no datagram sockets of this family.
    const listener = spawn(
      'perl',
      [
        '-MIO::Socket::UNIX',
        '-e',
        `
      my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
      $| = 1; print "listening\\n";
      while (defined $socket->recv(my $message, 4096)) { $message =~ s/\\n/|/g; print "$message\\n" }`,
        socket,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    afterwards(t, () => listener.kill('SIGKILL'));
    let told = '';
    listener.stdout.on('data', part => {
      told += part;
    });
    const says = pattern => until(`systemd to be told ${pattern}`, () => pattern.test(told));
    await says(/^listening$/m);
    const daemon = await Daemon.make(t, { start: false, env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' } });
    await daemon.start();
    await says(/^READY=1\|STATUS=./m);
    await says(/(^WATCHDOG=1\n[^]*){3}/m);
    told = '';
    daemon.child.kill('SIGHUP');
    await says(/^RELOADING=1\|MONOTONIC_USEC=\d+[^]*^READY=1/m);
    put(daemon.dir, 'vigie.yaml', 'nonsense: 1\n');
    told = '';
    daemon.child.kill('SIGHUP');
    await says(/^READY=1\|STATUS=.*refused/m);
    assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
    await says(/^STOPPING=1$/m);
  });
});

test('no secret is ever told: not in the log, not over the API, not by any verb', async t => {
  const canary = name => `CANARY${name}${'x'.repeat(20)}`;
  const dead = await freePort();
  const refusing = await HttpReceiver.start(t, () => 403);
  const daemon = await Daemon.make(t, {
    start: false,
    rules: [busy],
    sources: [
      { name: 'push', kind: 'push', token: { file: 'secrets/push' } },
      { name: 'feed', kind: 'feed', url: { file: 'secrets/feed' }, every: '10s', allow_private: true },
      { name: 'open', kind: 'feed', url: `http://127.0.0.1:${dead}/rss?token=${canary('QUERY')}`, every: '10s', allow_private: true },
    ],
    receivers: [
      {
        name: 'all',
        webhook_configs: [
          { url: `http://127.0.0.1:${refusing.port}/${canary('PATH')}`, secret: { file: 'secrets/hook' }, allow_private: true },
        ],
        slack_configs: [{ api_url: { file: 'secrets/slack' }, allow_private: true }],
        email_configs: [
          {
            to: 'a@example.org',
            from: 'b@example.org',
            smarthost: `127.0.0.1:${dead}`,
            auth_username: 'vigie',
            auth_password: { env: 'VIGIE_TEST_PASSWORD' },
            allow_private: true,
          },
        ],
        log_configs: [{}],
      },
    ],
    more: { log: { level: 'debug', format: 'logfmt' }, tokens: [{ name: 'robot', role: 'push', token: { file: 'secrets/token' } }] },
    env: { VIGIE_TEST_PASSWORD: canary('PASSWORD') },
  });
  put(daemon.dir, 'secrets/push', canary('PUSH'), 0o600);
  put(daemon.dir, 'secrets/token', canary('TOKEN'), 0o600);
  put(daemon.dir, 'secrets/feed', `http://127.0.0.1:${dead}/${canary('FEED')}`, 0o600);
  put(daemon.dir, 'secrets/slack', `http://127.0.0.1:${refusing.port}/services/${canary('SLACK')}`, 0o600);
  put(daemon.dir, 'secrets/hook', `whsec_${Buffer.from(canary('HOOK').padEnd(32, 'y')).toString('base64')}`, 0o600);
  await daemon.start();
  await daemon.push(items(1), { token: canary('WRONG') });
  await daemon.push(items(6), { token: canary('PUSH') });
  await daemon.push(items(1), { token: canary('TOKEN') });
  await refusing.received(2);
  await daemon.logged(/email.*not delivered yet|not delivered yet.*email/);
  await until(
    'both feeds to have failed',
    async () => (await daemon.json('/api/v1/sources')).filter(one => one.state === 'failing').length === 2,
    { seconds: 40, every: 200 },
  );
  let seen = '';
  for (const path of [
    '/',
    '/metrics',
    '/api/v1/status',
    '/api/v1/alerts',
    '/api/v1/sources',
    '/api/v1/top?brand=aurora-air',
    `/${canary('NOWHERE')}`,
  ]) {
    const answer = await daemon.get(path);
    if (!path.includes('NOWHERE')) seen += answer.text;
  }
  for (const verb of ['status', 'alerts', 'sources']) {
    for (const done of [await daemon.vigie(verb), await daemon.vigie(verb, '--json')]) seen += done.out + done.err;
  }
  // A typing mistake right beside a secret must not show it either.
  const good = readFileSync(daemon.config, 'utf8');
  const spoilt = good
    .replace('"token":{"file":"secrets/push"}', `"token":"${canary('INLINE')}"`)
    .replace('{"file":"secrets/hook"}', `"${canary('INLINE')}"`);
  writeFileSync(daemon.config, spoilt);
  daemon.child.kill('SIGHUP');
  await daemon.logged(/the old configuration goes on/);
  const checked = await daemon.vigie('check', daemon.config);
  assert.equal(checked.code, 1);
  writeFileSync(daemon.config, good);
  daemon.child.kill('SIGHUP');
  await daemon.logged(/nothing changed/);
  await daemon.stop();
  seen += daemon.output + checked.out + checked.err;
  assert.ok(seen.length > 3000);
  assert.equal(seen.match(/CANARY[A-Z]+/)?.[0], undefined);
  for (const name of ['HOOK']) assert.ok(!seen.includes(Buffer.from(canary(name).padEnd(32, 'y')).toString('base64')), name);
});

test('/metrics is what Prometheus reads', { skip: has('promtool') ? false : 'promtool is not installed' }, async t => {
  const daemon = await Daemon.make(t, { rules: [busy], receivers: [{ name: 'log', log_configs: [{}] }] });
  await daemon.push(items(6));
  await daemon.delivered();
  const answer = await daemon.get('/metrics');
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const checked = await run('promtool', ['check', 'metrics'], { input: answer.text });
  assert.equal(checked.code, 0, checked.out + checked.err);
  assert.equal(checked.out + checked.err, '');
  const value = name => Number(answer.text.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1]);
  assert.equal(value('vigie_mentions_total'), 6);
  assert.equal(value('vigie_alerts\\{state="firing"\\}'), 1);
  assert.equal(value('vigie_items_total\\{outcome="accepted"\\}'), 6);
});

test('a foreign Host, a foreign Origin and ambiguous requests are refused', async t => {
  const daemon = await Daemon.make(t);
  for (const host of ['evil.example', `evil.example:${daemon.port}`, '169.254.169.254']) {
    assert.equal((await daemon.get('/api/v1/status', { headers: { Host: host } })).status, 421, host);
  }
  for (const host of ['localhost', `localhost:${daemon.port}`, `127.0.0.1:${daemon.port}`]) {
    assert.equal((await daemon.get('/api/v1/status', { headers: { Host: host } })).status, 200, host);
  }
  const crossed = await ask(`${daemon.url}/-/reload`, { method: 'POST', headers: { Origin: 'https://evil.example' } });
  assert.equal(crossed.status, 403);
  const pushed = await daemon.push(items(1), { headers: { Origin: 'https://evil.example' } });
  assert.equal(pushed.status, 403);
  for (const path of ['/nothing', '/api/v1/items/', '/api/v1']) assert.equal((await daemon.get(path)).status, 404, path);
  for (const path of ['/..%2fetc', '/%2e%2e/x', '/a%00b']) assert.ok([400, 404].includes((await daemon.get(path)).status), path);
  assert.equal((await daemon.status()).mentions, 0);
});
