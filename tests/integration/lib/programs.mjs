// The real programs: vigie as a command, and any helper of the machine.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** The path of a built program. VIGIE_BIN names another folder. */
export function program(name) {
  const file = path.join(path.resolve(root, process.env.VIGIE_BIN ?? 'build/release/bin'), name);
  if (!existsSync(file)) throw new Error(`${file} is not built: tools/build release vigied vigie`);
  return file;
}

/** Runs `vigie` to its end. Answers {code, out, err}. */
export function vigie(args, { input, env = {}, cwd } = {}) {
  return run(program('vigie'), args, { input, env, cwd });
}

export function run(file, args, { input, env = {}, cwd, seconds = 180 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const out = [];
    const err = [];
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${path.basename(file)} ${args.join(' ')} did not end within ${seconds} s`));
    }, seconds * 1000);
    child.stdout.on('data', part => out.push(part));
    child.stderr.on('data', part => err.push(part));
    child.stdin.on('error', () => {});
    child.on('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') });
    });
    child.stdin.end(input ?? '');
  });
}

/** The lines of NDJSON, parsed. */
export function rows(text) {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

/** Whether a program of the machine is there. */
export function has(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}
