// vigie text: which earlier item each one is a near copy of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ndjson } from './lib/items.mjs';
import { rows, vigie } from './lib/programs.mjs';
import { put, workspace } from './lib/workspace.mjs';

const campaign = 'Boycott Aurora Air now, they cancel flights and never refund anybody. Sign here: https://petition.example/42';
const headline = 'Aurora Air grounds its whole fleet after smoke in a cabin';

let seconds = 0;
const post = (id, text, fields = {}) => ({
  type: 'item',
  id,
  platform: 'x',
  published: new Date(Date.parse('2026-03-01T09:00:00Z') + 1000 * ++seconds).toISOString(),
  text,
  author: { handle: `@${id.replaceAll('/', '')}` },
  ...fields,
});

const story = () => [
  post('x/first', campaign),
  post('x/other', 'The new seats of Aurora Air are narrow, but the crew was kind and we arrived on time'),
  post('x/same', campaign),
  post('x/near', `Please: ${campaign.replace('now', 'today').replace('anybody', 'anyone')}`),
  post('x/again', campaign, { author: { handle: '@xfirst' } }),
  post('x/repost', campaign, { kind: 'repost' }),
  post('x/repeats', campaign, { repost_of: 'x/first' }),
  post('x/rt', `RT @xfirst: ${campaign}`),
  post('news/1', '', { kind: 'article', platform: 'news', title: headline, url: 'https://www.paper.example/1' }),
  post('x/share1', `${headline} https://t.co/1`),
  post('x/share2', `${headline} https://t.co/1 via @paper`),
  post('x/share3', `${headline} | Paper https://t.co/1`),
  post('x/short1', 'Aurora Air!'),
  post('x/short2', 'Aurora Air!'),
  post('x/empty1', ''),
  post('x/empty2', ''),
];

const expected = {
  'x/first': [null, 1],
  'x/other': [null, 1],
  'x/same': ['x/first', 2],
  'x/near': ['x/first', 3],
  'x/again': ['x/first', 3],
  'x/repost': [null, 0],
  'x/repeats': [null, 0],
  'x/rt': [null, 0],
  'news/1': [null, 1],
  'x/share1': [null, 0],
  'x/share2': [null, 0],
  'x/share3': [null, 0],
  'x/short1': [null, 0],
  'x/short2': [null, 0],
  'x/empty1': [null, 0],
  'x/empty2': [null, 0],
};

const told = out => Object.fromEntries(rows(out).map(one => [one.id, [one.near_copy_of, one.copy_authors]]));

test('copies name the first of their text; reposts, headlines and short texts name none', async () => {
  const { code, out, err } = await vigie(['text'], { input: ndjson(story()) });
  assert.equal(code, 0, err);
  assert.deepEqual(told(out), expected);
});

test('with a configuration it tells the same beside the matches', async t => {
  const dir = workspace(t);
  const config = put(
    dir,
    'vigie.yaml',
    `brands:
  - {name: aurora-air, query: '"aurora air"'}
sources:
  - {name: push, kind: push}
route: {receiver: log}
receivers:
  - {name: log, log_configs: [{}]}
`,
  );
  const { code, out, err } = await vigie(['text', '--config', config], { input: ndjson(story()) });
  assert.equal(code, 0, err);
  assert.deepEqual(told(out), expected);
  assert.equal(rows(out)[0].matches[0].brand, 'aurora-air');
});

test('an id that comes again is told the same', async () => {
  const twice = [...story(), ...story()];
  const { out } = await vigie(['text'], { input: ndjson(twice) });
  const lines = rows(out).map(one => [one.id, one.near_copy_of]);
  assert.deepEqual(lines.slice(0, lines.length / 2), lines.slice(lines.length / 2));
});

test('a flood of one text, and of texts that differ, is read at once and without end', async () => {
  const flood = Array.from({ length: 30_000 }, (_, i) =>
    post(`x/${i}`, i % 2 === 0 ? campaign : `Number ${i} of many: ${i * 7} ${i * 11} ${i * 13} ${i * 17} ${i * 19} ${i * 23}`),
  );
  const { code, out } = await vigie(['text'], { input: ndjson(flood) });
  assert.equal(code, 0);
  const lines = rows(out);
  assert.equal(lines.length, flood.length);
  assert.equal(lines[0].near_copy_of, null);
  assert.equal(lines[1].near_copy_of, null);
  assert.ok(lines.every((one, i) => i < 2 || one.near_copy_of === (i % 2 === 0 ? 'x/0' : null)));
  assert.equal(lines.at(-2).copy_authors, flood.length / 2);
});
