// vigie query: whether texts match, and why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows, vigie } from './lib/programs.mjs';
import { put, workspace } from './lib/workspace.mjs';

const config = {
  brands: [
    {
      name: 'aurora-air',
      query: '("aurora air" OR @auroraair) AND NOT "aurora airport"',
      functions: { hr: 'strike OR pilot*', reviews: 'kind:review', german: 'lang:de' },
    },
    { name: 'many', query: 'alpha OR beta OR gamma OR delta' },
    { name: 'borealis', display: 'Borealis Line', official: { x: ['@borealisline'] } },
  ],
};

function ask(t, input, ...options) {
  const dir = workspace(t);
  put(dir, 'vigie.yaml', JSON.stringify(config));
  return vigie(['query', '--config', `${dir}/vigie.yaml`, ...options], { input });
}

const aurora = ['--brand', 'aurora-air'];

test('each text is told to match or not, with its functions', async t => {
  const told = await ask(t, 'Pilots of AURORA-AIR strike\n\nnothing\nAurora Air at Aurora Airport\n', ...aurora);
  assert.equal(told.code, 0, told.err);
  assert.deepEqual(told.out.trimEnd().split('\n'), [
    'yes  1: Pilots of AURORA-AIR strike  [hr]',
    'no   3: nothing',
    'no   4: Aurora Air at Aurora Airport',
  ]);
  assert.match(told.err, /1 of 3 texts match/);
});

test('--explain says which part met which piece of the text, and which met nothing', async t => {
  const told = await ask(t, 'Les pilotes d\u2019Aurora\u200B Air\n', ...aurora, '--explain');
  assert.equal(told.code, 0, told.err);
  assert.match(told.out, /yes {2}"aurora air": found "Aurora\\u200b Air" \(characters 15 to 25\)/);
  assert.match(told.out, /no {3}@auroraair: not found/);
  assert.match(told.out, /yes {2}none of this:\n\s+no {3}"aurora airport": not found/);
  assert.match(told.out, /yes {2}pilot\*: found "pilotes" \(characters 5 to 11\)/);
  assert.match(told.out, /no {3}kind:review: it is post/);
  const many = await ask(t, 'gamma\n', '--brand', 'many', '--explain');
  assert.match(many.out, /yes {2}gamma: found "gamma" \(characters 1 to 5\)\n\s+no {3}alpha, beta, delta: not found\n/);
});

test('--json gives one object a text; a line that begins with { is an item', async t => {
  const item = {
    type: 'item',
    id: 'x/1',
    platform: 'x',
    kind: 'review',
    published: '2026-03-01T09:30:00Z',
    title: 'Été: Aurora Air',
    text: 'Die Piloten von Aurora Air streiken, und niemand von der Firma antwortet den Reisenden',
  };
  const told = await ask(t, `${JSON.stringify(item)}\nplain\n`, ...aurora, '--explain', '--json');
  assert.equal(told.code, 0, told.err);
  const [first, second] = rows(told.out);
  assert.deepEqual([first.line, first.id, first.matches, first.functions], [1, 'x/1', true, ['hr', 'reviews', 'german']]);
  const [found] = first.query.parts[0].parts[0].found;
  assert.deepEqual(found, { in: 'title', begin: 7, end: 17, from: 6, to: 15, text: 'Aurora Air' });
  assert.equal(first.query.parts[0].parts[0].count, 2);
  assert.equal(first.function_queries.german.actual, 'de');
  assert.deepEqual([second.matches, second.functions, second.query.holds], [false, [], false]);
});

test('nothing that matches is a no; a wrong line is told and the others are answered', async t => {
  assert.equal((await ask(t, 'nothing\n', ...aurora)).code, 1);
  const told = await ask(t, '{"type":"item"}\nAurora Air\n', ...aurora);
  assert.equal(told.code, 1);
  assert.match(told.err, /line 1: /);
  assert.match(told.out, /^yes {2}2: Aurora Air$/m);
});

test('a brand without a query is looked for by its names and handles', async t => {
  const told = await ask(t, '#BorealisLine late\nthanks @BorealisLine\nborealis\n', '--brand', 'borealis');
  assert.deepEqual(
    told.out.trimEnd().split('\n').map(line => line.slice(0, 3)),
    ['yes', 'yes', 'no ']
  );
});

test('strangers cannot write on the terminal, and any bytes are text', async t => {
  const told = await ask(t, Buffer.from('Aurora Air \x1b[31m \xff\xfe\r\n', 'latin1'), ...aurora, '--explain');
  assert.equal(told.code, 0, told.err);
  assert.ok(!told.out.includes('\x1b'));
  assert.match(told.out, /\\u001b|\\x1b|\\e/);
});

test('wrong use is told', async t => {
  const unknown = await ask(t, '', '--brand', 'auorra');
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /no brand is named auorra; the configuration has aurora-air, many, borealis/);
  assert.equal((await vigie(['query', '--brand', 'a'])).code, 2);
});
