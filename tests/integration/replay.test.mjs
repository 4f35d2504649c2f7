// vigie replay: the same input gives the same events, whatever order its lines have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuration, ruleFile } from './lib/daemon.mjs';
import { ndjson } from './lib/items.mjs';
import { rows, vigie } from './lib/programs.mjs';
import { put, workspace } from './lib/workspace.mjs';

const begin = Date.parse('2026-03-01T00:00:00Z');
const hour = 3_600_000;

/** A quiet day, a storm in its sixteenth hour, and the calm after it; no two records at one instant. */
function story() {
  const records = [];
  const at = ms => new Date(begin + ms).toISOString();
  const voices = ['late again', 'horrible service', 'lovely crew', 'smoke in the cabin', 'lost my bag', 'great seats'];
  const say = (ms, i) =>
    records.push({
      type: 'item',
      id: `mastodon/${i}`,
      platform: i % 3 === 0 ? 'news' : 'mastodon',
      published: at(ms),
      text: `Aurora Air: ${voices[i % voices.length]} ${i}`,
      author: { handle: `@a${i % 97}@mas.to`, name: `A ${i % 97}`, followers: (i * 7919) % 50_000 },
      kind: i % 5 === 0 ? 'repost' : 'post',
    });
  let i = 0;
  for (; i < 96; ++i) say(i * (hour / 4) + 17 * i, i);
  for (; i < 496; ++i) say(15 * hour + (i - 96) * 8500 + 3, i);
  for (let j = 0; j < 20; ++j) records.push({ ...records[200 + j] }); // again: duplicates
  records.push({
    type: 'count',
    series: 'pageviews',
    brand: 'aurora-air',
    start: at(14 * hour),
    span: '1h',
    value: 512,
    source: 'wikipedia',
  });
  records.push({ type: 'takedown', brand: 'aurora-air', at: at(14 * hour + 1), platform: 'x', target: '@AuroraPilots' });
  return records;
}

const rules = [
  {
    alert: 'Surge',
    expr: 'mentions[1h] >= 30 and mentions[1h] > 4 * (mentions[24h] / 24)',
    clear: 'mentions[1h] < 20',
    labels: { severity: 'critical' },
    annotations: { summary: '{{brand.display}}' },
  },
  { alert: 'Platform', by: ['platform'], expr: 'mentions[30m] >= 40', for: '5m', keep_firing_for: '10m' },
  { alert: 'Views', expr: 'counts{series="pageviews"}[2h] > 100' },
];

function folder(t) {
  const dir = workspace(t);
  put(dir, 'rules/test.yaml', ruleFile(...rules));
  put(dir, 'vigie.yaml', configuration({ port: 1, rules: true, receivers: [{ name: 'log', log_configs: [{}] }] }));
  return dir;
}

function shuffled(list) {
  const out = [...list];
  let state = 12345;
  for (let i = out.length - 1; i > 0; --i) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const j = state % (i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

const replay = (dir, input, ...more) => vigie(['replay', '--config', `${dir}/vigie.yaml`, '--input', input, ...more]);
const withoutWall = text => text.replace(/"wall_seconds":[-+.0-9eE]+/, '"wall_seconds":0');

test('twice the same, to the byte', async t => {
  const dir = folder(t);
  const input = put(dir, 'story.ndjson', ndjson(story()));
  const [first, second] = [await replay(dir, input, '--tail', '1d'), await replay(dir, input, '--tail', '1d')];
  assert.equal(first.code, 0, first.err);
  assert.equal(first.err, '');
  assert.equal(withoutWall(first.out), withoutWall(second.out));

  const events = rows(first.out);
  const summary = events.pop();
  assert.equal(summary.event, 'summary');
  assert.deepEqual([summary.records, summary.duplicates, summary.rejected, summary.brands], [518, 20, 0, 1]);
  assert.equal(summary.from, '2026-03-01T00:00:00.000Z');
  assert.deepEqual(summary.alerts, { Surge: 1, Platform: 2, Views: 1 });
  const times = events.map(one => one.at);
  assert.deepEqual(times, [...times].sort(), 'events are in order of time');
  const surge = events.filter(one => one.alert === 'Surge');
  assert.deepEqual(
    surge.map(one => one.state),
    ['firing', 'resolved'],
  );
  assert.ok(surge[0].at > '2026-03-01T15:' && surge[0].at < '2026-03-01T15:30');
  assert.ok(surge[0].values['mentions[1h]'] >= 30);
  assert.ok(surge[0].evidence.every(id => id.startsWith('mastodon/')));
  assert.ok(events.some(one => one.alert === 'Platform' && one.state === 'pending'));
  const told = events.filter(one => one.event === 'notification');
  assert.ok(told.some(one => one.status === 'firing') && told.some(one => one.status === 'resolved'));
  assert.equal(new Set(told.map(one => one.key)).size, told.length);
});

test('the order of the lines does not matter', async t => {
  const dir = folder(t);
  const records = story();
  const sorted = await replay(dir, put(dir, 'sorted.ndjson', ndjson(records)), '--tail', '1d');
  for (const [name, order] of [
    ['shuffled', shuffled(records)],
    ['reversed', [...records].reverse()],
  ]) {
    const other = await replay(dir, put(dir, `${name}.ndjson`, ndjson(order)), '--tail', '1d');
    assert.equal(other.code, 0, other.err);
    assert.equal(withoutWall(other.out), withoutWall(sorted.out), name);
  }
});

test('--until stops, stdin is read, and bad lines are told and counted', async t => {
  const dir = folder(t);
  const records = story();
  const input = ndjson(records) + 'not json\n{"type":"item","id":"x"}\n';
  const done = await vigie(['replay', '--config', `${dir}/vigie.yaml`, '--input', '-'], { input });
  assert.equal(done.code, 0, done.err);
  assert.equal(rows(done.out).at(-1).rejected, 2);
  assert.match(done.err, new RegExp(`-:${records.length + 1}: `));
  assert.match(done.err, new RegExp(`-:${records.length + 2}: platform`));
  const early = await vigie(['replay', '--config', `${dir}/vigie.yaml`, '--input', '-', '--until', '2026-03-01T12:00:00Z'], { input });
  const events = rows(early.out);
  assert.deepEqual(events.at(-1).alerts, {});
  assert.ok(events.at(-1).to <= '2026-03-01T12:00:00.000Z');
});
