// vigie text: whatever comes in, each good line comes out with what Vigie makes of it, and each bad one is named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuration } from './lib/daemon.mjs';
import { rows, vigie } from './lib/programs.mjs';
import { put, workspace } from './lib/workspace.mjs';

const item = (id, text, fields = {}) =>
  JSON.stringify({ type: 'item', id, platform: 'x', published: '2026-03-01T09:30:00Z', text, ...fields });

const told = out => Object.fromEntries(rows(out).map(one => [one.id, one]));

/** The text of output that is well-formed UTF-8: the program's output was read with replacement, so none may stand where none came in. */
const replaced = out => (out.match(/\uFFFD/g) ?? []).length;

test('items come out as they came, with language and sentiment', async () => {
  const input = [
    item('x/1', 'Encore un vol annulé, personne ne répond, c’est une honte 😡', {
      language: 'en',
      rating: 2,
      links: ['https://a.example/'],
    }),
    item('x/2', 'My flight was lovely, thank you all so much!'),
    item('x/3', 'Das ist doch nicht wahr', { title: 'Aurora Air' }),
    item('x/4', '今朝の便は欠航になりました', { language: 'ja-JP' }),
    item('x/5', '😡😡😡'),
    item('x/6', 'Le nouveau #iPhone est trop cher #NewRelease #TechNews'),
    item('x/7', ''),
  ].join('\n');
  const { code, out, err } = await vigie(['text'], { input });
  assert.equal(err, '');
  assert.equal(code, 0);
  const all = told(out);
  const languages = Object.fromEntries(Object.entries(all).map(([id, one]) => [id, one.language]));
  assert.deepEqual(languages, { 'x/1': 'fr', 'x/2': 'en', 'x/3': 'de', 'x/4': 'ja', 'x/5': 'und', 'x/6': 'fr', 'x/7': 'und' });
  assert.equal(all['x/1'].sentiment.label, 'negative');
  assert.equal(all['x/2'].sentiment.label, 'positive');
  assert.equal(all['x/1'].text, 'Encore un vol annulé, personne ne répond, c’est une honte 😡');
  assert.equal(all['x/1'].rating, 2);
  assert.deepEqual(all['x/1'].links, ['https://a.example/']);
  for (const { sentiment } of Object.values(all)) {
    assert.ok(['negative', 'neutral', 'positive'].includes(sentiment.label));
    assert.ok(sentiment.polarity >= -1 && sentiment.polarity <= 1);
    assert.equal(sentiment.p.length, 3);
    assert.ok(Math.abs(sentiment.p[0] + sentiment.p[1] + sentiment.p[2] - 1) < 1e-3);
    assert.ok(Math.abs(sentiment.p[2] - sentiment.p[0] - sentiment.polarity) < 1e-3);
  }
  assert.ok(!('matches' in all['x/1']), 'no brands, no matches');
});

test('bad lines are named with line, field, what was found and what was expected, and take nothing else down', async () => {
  const deep = '['.repeat(100_000);
  const bad = [
    ['nonsense', ''],
    ['{"type":"item","id":"x/9"', ''],
    ['[1,2]', ''],
    ['{"type":"item","id":7,"platform":"x","published":"2026-03-01T09:30:00Z","text":"a"}', 'id'],
    ['{"type":"item","id":"x/9","platform":"x","published":"hier","text":"a"}', 'published'],
    ['{"type":"item","id":"x/9","platform":"x","published":"2026-03-01T09:30:00Z"}', 'text'],
    [`{"type":"item","id":"x/9","platform":"x","published":"2026-03-01T09:30:00Z","text":"a","links":${deep}}`, ''],
    [deep, ''],
    [item('x/9', 'x'.repeat(3 * 1024 * 1024)), ''],
    ['\0\0\0', ''],
    ['\u001b[2J<script>', ''],
  ];
  const lines = ['\uFEFF' + item('x/first', 'Merci beaucoup !') + '\r', ''];
  bad.forEach(([line], i) => lines.push(line, item(`x/good${i}`, 'Das ist doch nicht wahr')));
  const { code, out, err } = await vigie(['text'], { input: lines.join('\n') });
  assert.equal(code, 1);
  const all = told(out);
  assert.equal(Object.keys(all).length, bad.length + 1);
  assert.equal(all['x/first'].language, 'fr');
  bad.forEach((_, i) => assert.equal(all[`x/good${i}`].language, 'de'));
  const errors = err.trimEnd().split('\n');
  assert.equal(errors.length, bad.length, err);
  errors.forEach((error, i) => {
    const parts = error.match(/line (\d+): (.*?): found (.*), expected (.+)$/s);
    assert.ok(parts, error);
    assert.equal(Number(parts[1]), 3 + 2 * i, error);
    if (bad[i][1] !== '') assert.equal(parts[2], bad[i][1], error);
    assert.ok(error.length < 400, `${error.length} characters`);
    assert.ok(!/[\u0000-\u001f]/.test(error), 'no control character reaches the terminal');
  });
});

test('hostile texts come out as valid UTF-8, and cut at 64 kB', async () => {
  const raw = (id, bytes) => Buffer.concat([
    Buffer.from(`{"type":"item","id":"${id}","platform":"x","published":"2026-03-01T09:30:00Z","text":"Encore un vol annulé `),
    bytes,
    Buffer.from('"}\n'),
  ]);
  const input = Buffer.concat([
    raw('x/invalid', Buffer.from([0xff, 0xfe, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xe2, 0x82])),
    raw('x/lone', Buffer.from('\\ud800')),
    raw('x/nul', Buffer.from('\\u0000end')),
    raw('x/zalgo', Buffer.from('e' + '\u0301\u0323'.repeat(50_000))),
    raw('x/long', Buffer.from('😡'.repeat(30_000))),
    raw('x/override', Buffer.from('\u202E\u2066\u{E0061}\u200D')),
    raw('x/tags', Buffer.from('#Tag '.repeat(10_000))),
  ]);
  const { code, out, err } = await vigie(['text'], { input });
  assert.equal(err, '');
  assert.equal(code, 0);
  const all = told(out);
  assert.equal(Object.keys(all).length, 7);
  for (const one of Object.values(all)) {
    if (one.id !== 'x/tags') assert.equal(one.language, 'fr', one.id);
    assert.ok(Buffer.byteLength(one.text) <= 64 * 1024, one.id);
    assert.ok(!one.text.includes('\0'), one.id);
  }
  assert.equal(replaced(out), 8 + 1);
  assert.ok(all['x/nul'].text.endsWith('end'));
  assert.ok([...all['x/zalgo'].text].filter(c => c === '\u0301' || c === '\u0323').length <= 8);
});

test('other records pass without a word, and brands are matched', async t => {
  const dir = workspace(t);
  put(dir, 'vigie.yaml', configuration({ port: 1, receivers: [{ name: 'log', log_configs: [{}] }] }));
  const input = [
    '{"type":"delete","id":"x/1","at":"2026-03-02T00:00:00Z"}',
    item('x/1', 'Aurora Air est encore en retard'),
    item('x/2', 'Ein ganz anderer Flug'),
  ].join('\n');
  const { code, out, err } = await vigie(['text', '--config', 'vigie.yaml'], { input, cwd: dir });
  assert.equal(err, '');
  assert.equal(code, 0);
  const all = told(out);
  assert.deepEqual(Object.keys(all), ['x/1', 'x/2']);
  assert.equal(all['x/1'].matches[0].brand, 'aurora-air');
  assert.deepEqual(all['x/2'].matches, []);
  assert.equal(all['x/2'].language, 'de', 'told though nothing matches');
  const missing = await vigie(['text', '--config', 'none.yaml'], { input, cwd: dir });
  assert.equal(missing.code, 2);
  assert.equal(missing.out, '');
});
