// A folder for each test, and free ports.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const cleanups = new WeakMap();

/** Runs `deed` after the test `t`, the latest first: a daemon is ended before its folder goes. A failure keeps no other from running. */
export function afterwards(t, deed) {
  if (!cleanups.has(t)) {
    const deeds = [];
    cleanups.set(t, deeds);
    t.after(async () => {
      const failures = [];
      while (deeds.length > 0) {
        try {
          await deeds.pop()();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    });
  }
  cleanups.get(t).push(deed);
}

/** A new folder that is removed after the test `t`, unless the test failed and VIGIE_KEEP is set. */
export function workspace(t) {
  const dir = mkdtempSync(path.join(tmpdir(), 'vigie-it-'));
  // nginx workers run as another user.
  chmodSync(dir, 0o755);
  afterwards(t, () => {
    if (!process.env.VIGIE_KEEP) rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** Writes a file below `dir` and returns its path. Secrets are for their owner alone. */
export function put(dir, name, content, mode = 0o644) {
  const file = path.join(dir, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode });
  return file;
}

const given = new Set();

/** A port of 127.0.0.1 that nothing listens on; below the range from which the kernel takes ports for outgoing connections. */
export async function freePort() {
  for (let tries = 0; tries < 200; ++tries) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (given.has(port)) continue;
    given.add(port);
    const free = await new Promise(resolve => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error('no free port');
}
