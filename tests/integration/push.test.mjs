// POST /api/v1/items: what is taken, what is refused and in which words, and that a 202 means stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Daemon } from './lib/daemon.mjs';
import { item, items, ndjson } from './lib/items.mjs';
import { until } from './lib/wait.mjs';
import { put } from './lib/workspace.mjs';

const byId = daemon => daemon.exported().then(all => new Map(all.map(one => [one.id, one])));

test('NDJSON, a JSON array, a single object and gzip are taken, and every field comes out as it came', async t => {
  const daemon = await Daemon.make(t);
  const full = item({
    kind: 'reply',
    url: 'https://mas.to/@ana/110',
    observed: new Date().toISOString(),
    title: 'Reclamation',
    language: 'fr',
    author: { handle: '@ana@mas.to', name: 'Ana', followers: 1200, created: '2024-01-01T00:00:00.000Z', verified: false },
    engagement: { likes: 3, reposts: 1, replies: 0, shares: 0, views: 7 },
    rating: 2.5,
    parent: 'mastodon/1',
    links: ['https://example.org/a'],
    source: 'mas-search',
  });
  const lines = await daemon.push([full, ...items(3)]);
  assert.equal(lines.status, 202, lines.text);
  assert.deepEqual([lines.json().accepted, lines.json().duplicates], [4, 0]);

  const list = await daemon.push(undefined, { type: 'application/json', body: JSON.stringify(items(5)) });
  assert.equal(list.status, 202, list.text);
  assert.equal(list.json().accepted, 5);

  const single = await daemon.push(undefined, { type: 'application/json; charset=utf-8', body: JSON.stringify(item()) });
  assert.equal(single.status, 202, single.text);
  assert.equal(single.json().accepted, 1);

  const zipped = await daemon.push(undefined, { body: gzipSync(ndjson(items(40))), headers: { 'Content-Encoding': 'gzip' } });
  assert.equal(zipped.status, 202, zipped.text);
  assert.equal(zipped.json().accepted, 40);

  assert.equal((await daemon.status()).mentions, 50);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  const stored = await byId(daemon);
  assert.equal(stored.size, 50);
  const came = stored.get(full.id);
  for (const [name, value] of Object.entries(full)) {
    if (name === 'published' || name === 'observed') {
      assert.equal(Date.parse(came[name]), Date.parse(value), name);
    } else {
      assert.deepEqual(came[name], value, name);
    }
  }
});

test('a push source with a token takes nothing without it', async t => {
  const daemon = await Daemon.make(t, { start: false, sources: [{ name: 'push', kind: 'push', token: { file: 'token' } }] });
  put(daemon.dir, 'token', 'correct-horse\n', 0o600);
  await daemon.start();
  for (const token of [undefined, 'wrong', 'correct-hors', 'correct-horse2']) {
    const answer = await daemon.push(items(1), { token });
    assert.equal(answer.status, 401, `token ${token}: ${answer.text}`);
    assert.match(answer.headers['www-authenticate'], /Bearer/);
    assert.match(answer.json().error.message, /Authorization: Bearer/);
  }
  assert.equal((await daemon.push(items(2), { token: 'correct-horse' })).json().accepted, 2);
  assert.equal((await daemon.status()).mentions, 2);
});

test('bad lines are named with line, field, found and expected, and the good ones beside them are stored', async t => {
  const daemon = await Daemon.make(t);
  const good = items(4);
  const { platform, ...withoutPlatform } = item();
  const body = [
    JSON.stringify(good[0]),
    JSON.stringify(item({ published: 'yesterday' })),
    JSON.stringify(good[1]),
    '{"type":"item","id":',
    JSON.stringify(withoutPlatform),
    '',
    JSON.stringify(good[2]),
    JSON.stringify(item({ author: { handle: '@a', followers: 'many' } })),
    JSON.stringify({ type: 'rumour', id: 'x' }),
    JSON.stringify(item({ text: 17 })),
    '[1,2,3]',
    JSON.stringify({ ...good[3], shoe_size: 43 }),
  ].join('\n');
  const answer = await daemon.push(undefined, { body });
  assert.equal(answer.status, 400, answer.text);
  const { accepted, rejected } = answer.json();
  assert.equal(accepted, 4);
  assert.deepEqual(
    rejected.map(one => [one.line, one.field]),
    [
      [2, 'published'],
      [4, ''],
      [5, 'platform'],
      [8, 'author.followers'],
      [9, 'type'],
      [10, 'text'],
      [11, ''],
    ],
  );
  for (const one of rejected) {
    assert.ok(one.found !== undefined && one.expected.length > 0, JSON.stringify(one));
    assert.equal(Object.keys(one).length, 4);
  }
  assert.match(rejected[0].found, /yesterday/);
  assert.match(rejected[3].found, /many/);
  assert.match((await daemon.get('/metrics')).text, /vigie_items_total\{outcome="rejected"\} 7\b/);
  await daemon.stop();
  assert.deepEqual((await daemon.exported()).map(one => one.id).sort(), good.map(one => one.id).sort());
});

test('bytes that are no text harm nothing', async t => {
  const daemon = await Daemon.make(t);
  const invalid = item({ text: 'Aurora Air caf@@ smoke' });
  const nul = item({ text: 'Aurora Air\u0000 burns' });
  const lone = item({ text: 'LONE' });
  const lines = Buffer.concat([
    Buffer.from(JSON.stringify(invalid).replace('@@', '\u0001\u0002') + '\n', 'latin1'),
    Buffer.from(JSON.stringify(nul) + '\n'),
    Buffer.from(JSON.stringify(lone).replace('LONE', 'Aurora Air \\ud83d alone') + '\n'),
  ]);
  // The two placeholders become bytes that no UTF-8 holds.
  lines[lines.indexOf(1)] = 0xff;
  lines[lines.indexOf(2)] = 0xfe;
  const taken = await daemon.push(undefined, { body: lines });
  assert.equal(taken.status, 202, taken.text);
  assert.equal(taken.json().accepted, 3);

  const raw = item({ text: 'Aurora Air# again' });
  const rawNul = Buffer.from(JSON.stringify(raw) + '\n' + '#\n' + JSON.stringify(item()) + '\n');
  rawNul[rawNul.indexOf('#')] = 0;
  const answer = await daemon.push(undefined, { body: rawNul });
  assert.equal(answer.status, 400, answer.text);
  assert.equal(answer.json().accepted, 2);
  assert.deepEqual(
    answer.json().rejected.map(one => one.line),
    [2],
  );

  await daemon.stop();
  const stored = await byId(daemon);
  assert.equal(stored.get(invalid.id).text, 'Aurora Air caf\ufffd\ufffd smoke');
  assert.equal(stored.get(nul.id).text, 'Aurora Air burns');
  assert.equal(stored.get(raw.id).text, 'Aurora Air again');
  assert.equal(stored.get(lone.id).text, 'Aurora Air \ufffd alone');
});

test('what is too large or of another type is refused, and the daemon goes on', async t => {
  const daemon = await Daemon.make(t);
  const large = await daemon.push(undefined, { body: Buffer.alloc(10 << 20, 'x'), agent: undefined });
  assert.equal(large.status, 413);
  const chunked = await daemon.push(undefined, {
    body: Buffer.alloc(10 << 20, 'x'),
    headers: { 'Transfer-Encoding': 'chunked' },
    agent: undefined,
  });
  assert.equal(chunked.status, 413);
  const bomb = gzipSync(Buffer.alloc(100 << 20));
  const inflated = await daemon.push(undefined, { body: bomb, headers: { 'Content-Encoding': 'gzip' }, agent: undefined });
  assert.equal(inflated.status, 413, inflated.text);
  const broken = await daemon.push(undefined, { body: bomb.subarray(0, 500), headers: { 'Content-Encoding': 'gzip' }, agent: undefined });
  assert.equal(broken.status, 400, broken.text);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await daemon.push(items(1), { type });
    assert.equal(answer.status, 415, type);
    assert.match(answer.json().error.message, /application\/x-ndjson/);
  }
  const coded = await daemon.push(items(1), { headers: { 'Content-Encoding': 'br' }, agent: undefined });
  assert.equal(coded.status, 415);
  assert.equal((await daemon.push(items(1))).status, 202);
  assert.equal((await daemon.status()).mentions, 1);
});

test('an item is counted once, however often it comes', async t => {
  const daemon = await Daemon.make(t);
  const three = items(3);
  assert.deepEqual(pair(await daemon.push([...three, ...three])), [3, 3]);
  assert.deepEqual(pair(await daemon.push([three[0], item()])), [1, 1]);
  await daemon.stop();
  await daemon.start();
  assert.deepEqual(pair(await daemon.push(three)), [0, 3]);
  assert.equal((await daemon.status()).mentions, 4);
  await daemon.stop();
  assert.equal((await daemon.exported()).length, 4);

  function pair(answer) {
    assert.equal(answer.status, 202, answer.text);
    return [answer.json().accepted, answer.json().duplicates];
  }
});

test('what comes again, late, early or as a deletion has its own effect, and never counts twice', async t => {
  const daemon = await Daemon.make(t);
  // Different texts: of near copies `top` tells only the loudest.
  const first = item({ engagement: { likes: 1, reposts: 0 } });
  const other = item({ text: 'A question for Aurora Air: when does the lounge in Lyon open?' });
  await daemon.push([first, other]);
  assert.equal((await daemon.push([{ ...first, engagement: { likes: 9, reposts: 4 } }])).json().duplicates, 1);
  const [loudest] = await daemon.json('/api/v1/top?brand=aurora-air&limit=1');
  assert.equal(loudest.id, first.id);
  assert.deepEqual([loudest.engagement.likes, loudest.engagement.reposts], [9, 4]);

  const old = await daemon.push([item({ published: '2020-01-01T00:00:00Z' })]);
  assert.deepEqual([old.status, old.json().accepted, old.json().too_old], [202, 0, 1]);
  const silent = await daemon.push([item({ text: 'of another company' })]);
  assert.deepEqual([silent.status, silent.json().accepted, silent.json().unmatched], [202, 0, 1]);
  const early = item({ text: 'Aurora Air flies to Oslo from May on', published: new Date(Date.now() + 3 * 86_400_000).toISOString() });
  assert.equal((await daemon.push([early])).json().accepted, 1);
  const shown = await daemon.json('/api/v1/top?brand=aurora-air&limit=10');
  assert.ok(Date.parse(shown.find(one => one.id === early.id).published) <= Date.now(), 'an item of the future was left there');

  assert.equal((await daemon.push([{ type: 'delete', id: other.id, at: new Date().toISOString() }])).status, 202);
  assert.deepEqual((await daemon.json('/api/v1/top?brand=aurora-air&limit=10')).map(one => one.id).sort(), [first.id, early.id].sort());
  assert.equal((await daemon.push([other])).json().accepted, 0, 'what was deleted is counted again');
  await daemon.stop();
  const stored = await byId(daemon);
  assert.deepEqual([...stored.keys()].sort(), [first.id, early.id].sort());
  assert.equal(stored.get(first.id).engagement.likes, 9);
});

test('a count replaces the one of the same hour', async t => {
  const daemon = await Daemon.make(t, { rules: [{ alert: 'Views', expr: 'counts{series="pageviews"}[3h] > 100' }] });
  const start = new Date(Date.now() - 3_600_000);
  start.setMinutes(0, 0, 0);
  const count = value => ({
    type: 'count',
    series: 'pageviews',
    brand: 'aurora-air',
    start: start.toISOString(),
    span: '1h',
    value,
    source: 'wiki',
  });
  const value = async () => (await daemon.json('/api/v1/alerts'))[0]?.values['counts{series="pageviews"}[3h]'];
  for (const views of [512, 130, 300]) {
    assert.equal((await daemon.push([count(views)])).status, 202);
    await until(`${views} page views`, async () => (await value()) === views);
  }
  await daemon.kill();
  await daemon.start();
  await until('the views after a kill', async () => (await value()) === 300);
});

test('a 202 means stored: a kill right after it loses nothing', async t => {
  const daemon = await Daemon.make(t);
  const acknowledged = new Set();
  for (let round = 0; round < 5; ++round) {
    const batch = items(20);
    const answer = await daemon.push(batch);
    daemon.child.kill('SIGKILL');
    assert.equal(answer.status, 202, answer.text);
    for (const one of batch) acknowledged.add(one.id);
    await daemon.ended;
    const stored = (await daemon.exported()).map(one => one.id);
    assert.equal(stored.length, acknowledged.size);
    assert.deepEqual(new Set(stored), acknowledged);
    await daemon.start();
    assert.equal((await daemon.status()).mentions, acknowledged.size);
  }
});
