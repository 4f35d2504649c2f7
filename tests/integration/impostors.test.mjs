// vigie impostors: accounts in, the same accounts out with score, verdict and reasons.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuration } from './lib/daemon.mjs';
import { rows, vigie } from './lib/programs.mjs';
import { put, workspace } from './lib/workspace.mjs';

const brands = [
  {
    name: 'aurora-air',
    display: 'Aurora Air',
    query: 'auroraair',
    official: { x: ['@auroraair'], mastodon: ['@auroraair@mastodon.social'] },
  },
  { name: 'orange', display: 'Orange', query: 'orange', official: { x: ['@Orange_France'] } },
];

function setUp(t) {
  return put(workspace(t), 'vigie.yaml', configuration({ port: 8480, rules: false, brands }));
}

const lines = accounts => accounts.map(one => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');

test('each account comes back with its fields, a score, a verdict and reasons', async t => {
  const config = setUp(t);
  const input = lines([
    { platform: 'x', handle: '@AuroraAir_SAV', name: 'Aurora Air', followers: 12 },
    { type: 'account', platform: 'x', handle: 'AuroraAir_Pilots2', name: 'P' },
    { platform: 'x', handle: 'AuroraAirFans' },
    { platform: 'x', handle: '@AURORAAIR', name: 'Aurora Air' },
    { platform: 'x', handle: 'ana_b', name: 'Ana', followers: 7 },
    { platform: 'x', handle: 'BoycottAuroraAir' },
    { platform: 'x', handle: 'аurоrааir' },
  ]);
  const { code, out, err } = await vigie(['impostors', '--config', config, '--brand', 'aurora-air'], { input });
  assert.equal(err, '');
  assert.equal(code, 0);
  const accounts = rows(out);
  assert.deepEqual(
    accounts.map(one => one.verdict),
    ['impostor', 'suspect', 'declared', 'official', 'none', 'none', 'impostor'],
  );
  assert.equal(accounts[0].handle, '@AuroraAir_SAV');
  assert.equal(accounts[0].followers, 12);
  assert.equal(accounts[0].type, undefined);
  assert.equal(accounts[1].type, 'account');
  assert.equal(accounts[6].handle, 'аurоrааir');
  for (const one of accounts) assert.ok(one.score >= 0 && one.score <= 1);
  assert.ok(accounts[0].score >= 0.9);
  assert.equal(accounts[3].score, 0);
  assert.deepEqual(
    accounts[0].reasons.find(reason => reason.sign === 'trust_word'),
    { sign: 'trust_word', detail: 'sav', text: 'It asks for trust: "sav"' },
  );
  assert.equal(accounts[5].reasons[0].sign, 'speaks_against');
});

test('reasons in French, age and description', async t => {
  const config = setUp(t);
  const input = lines([
    {
      platform: 'x',
      handle: 'auroraair_hq',
      created: '2026-03-01T00:00:00Z',
      observed: '2026-03-04T00:00:00Z',
      bio: "Compte officiel d'Aurora Air",
    },
  ]);
  const { code, out } = await vigie(['impostors', '--config', config, '--brand', 'aurora-air', '--lang', 'fr'], { input });
  assert.equal(code, 0);
  const [one] = rows(out);
  assert.equal(one.verdict, 'impostor');
  assert.equal(one.bio, "Compte officiel d'Aurora Air");
  const texts = one.reasons.map(reason => reason.text);
  assert.ok(texts.includes('Le compte a 3 jours'), texts.join('; '));
  assert.ok(texts.includes("Sa description affirme que c'est le compte officiel"), texts.join('; '));
});

test('broken lines are told with line, field, what was found and what was expected, and take nothing else down', async t => {
  const config = setUp(t);
  const input = lines([
    { platform: 'x', handle: 'AuroraAirSupport' },
    '{"platform":"x","handle":7}',
    '{"platform":"x"}',
    'no json',
    '',
    '{"type":"delete","id":"x/1","at":"2026-03-01T00:00:00Z"}',
    '{"platform":"x","handle":"a","bio":7}',
    '{}',
    { platform: 'x', handle: 'auroraair2' },
  ]);
  const { code, out, err } = await vigie(['impostors', '--config', config, '--brand', 'aurora-air'], { input });
  assert.equal(code, 1);
  assert.deepEqual(
    rows(out).map(one => one.handle),
    ['AuroraAirSupport', 'auroraair2'],
  );
  const errors = err.trim().split('\n');
  assert.equal(errors.length, 6, err);
  assert.match(errors[0], /^vigie: line 2: handle: found 7, expected /);
  assert.match(errors[1], /^vigie: line 3: handle: found nothing, expected /);
  assert.match(errors[2], /^vigie: line 4: /);
  assert.match(errors[3], /^vigie: line 6: type: found delete, expected account/);
  assert.match(errors[4], /^vigie: line 7: bio: found 7, expected a string/);
  assert.match(errors[5], /^vigie: line 8: .*found nothing, expected /);
});

test('an unknown brand gets the nearest one; wrong usage is told', async t => {
  const config = setUp(t);
  const near = await vigie(['impostors', '--config', config, '--brand', 'aurora-ai'], { input: '' });
  assert.equal(near.code, 2);
  assert.match(near.err, /there is no brand "aurora-ai", did you mean "aurora-air"\?/);
  assert.equal((await vigie(['impostors', '--config', config], { input: '' })).code, 2);
  assert.equal((await vigie(['impostors', '--config', config, '--brand', 'orange', '--all'], { input: '' })).code, 2);
  assert.equal((await vigie(['impostors', '--brand', 'orange'], { input: '' })).code, 2);
  assert.equal((await vigie(['impostors', '--config', config, '--brand', 'orange', '--lang', 'de'], { input: '' })).code, 2);
  assert.equal((await vigie(['impostors', '--config', config, '--brand', 'orange', '--taken-down', '@'], { input: '' })).code, 2);
  assert.equal((await vigie(['impostors', '--config', `${config}.none`, '--brand', 'orange'], { input: '' })).code, 2);
});

test('closed accounts and all brands: the answer names what is imitated', async t => {
  const config = setUp(t);
  const input = lines([
    { platform: 'x', handle: 'AuroraPilots2' },
    { platform: 'x', handle: 'AuroraAirSupport' },
    { platform: 'x', handle: 'orangejuice' },
  ]);
  const closed = await vigie(
    ['impostors', '--config', config, '--brand', 'aurora-air', '--taken-down', 'x/@AuroraPilots', '--taken-down', '@CrewOfAurora'],
    { input },
  );
  assert.equal(closed.code, 0, closed.err);
  const [successor, support, juice] = rows(closed.out);
  assert.deepEqual(successor.imitates, { taken_down: '@AuroraPilots' });
  assert.equal(successor.verdict, 'impostor');
  assert.deepEqual(support.imitates, { brand: 'aurora-air' });
  assert.equal(juice.imitates, undefined);
  const all = await vigie(['impostors', '--config', config, '--all'], {
    input: lines([{ platform: 'x', handle: 'Orange_SAV' }, ...input.split('\n')]),
  });
  const [sav, , , none] = rows(all.out);
  assert.deepEqual(sav.imitates, { brand: 'orange' });
  assert.equal(sav.verdict, 'impostor');
  assert.equal(none.score, 0);
  assert.equal(none.verdict, 'none');
});

test('hostile handles stay data', async t => {
  const config = setUp(t);
  const input = lines([
    { platform: 'x', handle: `auro${'\u200b'.repeat(300)}raair` },
    { platform: 'x', handle: '\u202eriaarorua' },
    { platform: 'x', handle: '' },
    { platform: 'x', handle: '____' },
    { platform: 'x', handle: '\u0000auroraair\u001b[31m' },
    '{"platform":"x","handle":"\\ud800auroraair"}',
  ]);
  const { out, err } = await vigie(['impostors', '--config', config, '--brand', 'aurora-air'], { input });
  const accounts = rows(out);
  assert.equal(accounts[0].verdict, 'impostor');
  assert.ok(accounts.every(one => one.score >= 0 && one.score <= 1));
  assert.ok(!`${out}${err}`.includes('\u001b'));
});
