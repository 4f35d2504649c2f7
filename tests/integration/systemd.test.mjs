// The unit file as systemd itself judges it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { has, root, run } from './lib/programs.mjs';

const skip = has('systemd-analyze') ? false : 'systemd-analyze is not installed';
const unit = `${root}/systemd/vigie.service`;

test('the unit is confined: an exposure of 1.5 at most', { skip }, async () => {
  const done = await run('systemd-analyze', ['security', '--offline=true', '--threshold=15', '--no-pager', unit]);
  assert.equal(done.code, 0, done.out + done.err);
  const level = Number(done.out.match(/Overall exposure level for vigie\.service: ([0-9.]+)/)?.[1]);
  assert.ok(level <= 1.5, done.out);
});

test('systemd finds no fault with it but that the programs are not installed here', { skip }, async () => {
  const done = await run('systemd-analyze', ['verify', '--man=no', '--no-pager', unit]);
  const faults = (done.out + done.err).split('\n').filter(line => line !== '');
  const expected = /^vigie\.service: Command \/usr\/bin\/vigied? is not executable: No such file or directory$/;
  assert.deepEqual(
    faults.filter(line => !expected.test(line)),
    [],
  );
});
