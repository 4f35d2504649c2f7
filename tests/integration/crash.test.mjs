// kill -9 at random points, again and again, while a client pushes and a moody receiver is told: nothing acknowledged is lost or counted
// twice, every alert is told, and a repeat carries its key. VIGIE_CRASH_ROUNDS says how many kills (30), VIGIE_CRASH_SEED which ones.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { Daemon } from './lib/daemon.mjs';
import { HttpReceiver } from './lib/http.mjs';
import { item } from './lib/items.mjs';
import { pause, until } from './lib/wait.mjs';

const rounds = Number(process.env.VIGIE_CRASH_ROUNDS ?? 30);
const seed = Number(process.env.VIGIE_CRASH_SEED ?? Date.now() % 1_000_000);
const batchSize = 50;

/** mulberry32: small, and the same everywhere. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

/** Pushes one batch after the other until told to stop; a batch without an answer is sent again as it is. */
class Client {
  constructor(daemon, ackFile, brandOf) {
    this.daemon = daemon;
    this.ackFile = ackFile;
    this.brandOf = brandOf;
    this.sent = new Set();
    this.figures = { batches: 0, resent: 0, duplicates: 0, refused: 0 };
    this.running = true;
    writeFileSync(ackFile, '');
  }

  async run() {
    while (this.running) {
      const brand = this.brandOf();
      const batch = Array.from({ length: batchSize }, () =>
        item({ text: `Company${brand} and everybody: something happened`, platform: 'news' }),
      );
      for (const one of batch) this.sent.add(one.id);
      await this.#deliver(batch);
    }
  }

  async #deliver(batch) {
    for (let tries = 0; ; ++tries) {
      const answer = await this.daemon.push(batch).catch(() => undefined);
      if (answer?.status === 202) {
        const { accepted, duplicates } = answer.json();
        assert.equal(accepted + duplicates, batch.length);
        if (tries === 0) assert.equal(duplicates, 0, 'a fresh item was called a duplicate');
        appendFileSync(this.ackFile, batch.map(one => one.id + '\n').join(''));
        ++this.figures.batches;
        this.figures.duplicates += duplicates;
        if (tries > 0) ++this.figures.resent;
        return;
      }
      if (answer) {
        assert.equal(answer.status, 503, answer.text);
        ++this.figures.refused;
      }
      if (!this.running) return;
      await pause(10);
    }
  }
}

test('nothing is lost or doubled over random kills', { timeout: 1_800_000 }, async t => {
  const random = generator(seed);
  const moods = generator(seed + 1);
  const hook = await HttpReceiver.start(t, () => {
    const mood = moods();
    // A late answer often comes to a daemon that is dead: it must ask again, under the same key.
    return mood < 0.15 ? 500 : mood < 0.25 ? 'reset' : mood < 0.6 ? { status: 200, after: 300 } : 200;
  });
  const numbers = Array.from({ length: rounds }, (_, i) => i);
  const daemon = await Daemon.make(t, {
    start: false,
    brands: [{ name: 'everybody', query: 'everybody' }, ...numbers.map(i => ({ name: `company-${i}`, query: `company${i}` }))],
    rules: [
      { alert: 'Loud', brands: ['company-*'], limit: 10_000, expr: 'mentions[1h] >= 40', labels: { severity: 'critical' } },
      { alert: 'Total', brands: ['everybody'], expr: 'mentions[6h] >= 1', labels: { severity: 'info' } },
    ],
    receivers: [{ name: 'hook', webhook_configs: [{ url: hook.url, allow_private: true }] }],
  });
  daemon.agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  let round = 0;
  const client = new Client(daemon, `${daemon.dir}/acknowledged`, () => Math.min(round, rounds - 1));
  const starts = [];
  let early = 0;
  const begin = Date.now();
  const pushing = Promise.all([client.run(), client.run()]);
  const stop = pushing.catch(() => {}); // reported below

  for (; round < rounds; ++round) {
    const started = Date.now();
    daemon.spawn();
    if (random() < 0.2) {
      ++early; // while it opens the store
      await pause(random() * 250);
    } else {
      await daemon.ready({ every: 5 });
      starts.push(Date.now() - started);
      await pause(random() * 500);
    }
    await daemon.kill();
  }
  await daemon.start();
  // The last rounds may have been too short to push anything of their own: let the client come through once.
  const before = client.figures.batches;
  await until('two more batches', () => client.figures.batches >= before + 2);
  client.running = false;
  await pushing;
  await stop;

  const acknowledged = readFileSync(client.ackFile, 'utf8')
    .split('\n')
    .filter(id => id !== '');
  assert.equal(new Set(acknowledged).size, acknowledged.length);
  const loudest = await until(
    'no notification to wait',
    async () => {
      const status = await daemon.status();
      return status.queues.every(queue => queue.waiting === 0) && status;
    },
    { seconds: 60, every: 100 },
  );
  const alerts = await until('the total to be told', async () => {
    const all = await daemon.json('/api/v1/alerts');
    return all.some(one => one.labels.alertname === 'Total') && all;
  });
  const total = alerts.find(one => one.labels.alertname === 'Total');
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });

  const stored = await daemon.exported();
  const ids = new Set(stored.map(one => one.id));
  assert.equal(ids.size, stored.length, 'an item is stored twice');
  const lost = acknowledged.filter(id => !ids.has(id));
  assert.deepEqual(lost, [], `${lost.length} acknowledged items are lost`);
  for (const id of ids) assert.ok(client.sent.has(id), `${id} was never sent`);

  // Each item is a mention of "everybody" and of one company.
  assert.equal(loudest.mentions, 2 * ids.size, 'the count of mentions is not that of the stored items');
  assert.equal(total.values['mentions[6h]'], ids.size, 'the window does not count what is stored');
  const perBrand = new Map();
  for (const one of stored) {
    const name = `company-${one.text.match(/Company(\d+)/)[1]}`;
    perBrand.set(name, (perBrand.get(name) ?? 0) + 1);
  }
  const loud = alerts.filter(one => one.labels.alertname === 'Loud');
  const expected = [...perBrand]
    .filter(([, count]) => count >= 40)
    .map(([name]) => name)
    .sort();
  assert.deepEqual(loud.map(one => one.labels.brand).sort(), expected);
  for (const one of loud) assert.equal(one.values['mentions[1h]'], perBrand.get(one.labels.brand), one.labels.brand);

  const keys = new Map();
  for (const request of hook.requests) {
    const body = JSON.parse(request.body);
    assert.equal(body.status, 'firing');
    if (!keys.has(body.groupKey)) keys.set(body.groupKey, new Set());
    keys.get(body.groupKey).add(request.headers['webhook-id']);
  }
  const taken = hook.requests.filter(one => one.answered === 200 || one.answered.status === 200);
  const told = new Set(taken.map(one => JSON.parse(one.body).groupLabels.brand));
  for (const brand of [...expected, 'everybody']) assert.ok(told.has(brand), `${brand} was never told`);
  for (const [group, ids_] of keys) assert.equal(ids_.size, 1, `${group} was told under ${ids_.size} keys`);

  starts.sort((a, b) => a - b);
  const { batches, resent, duplicates, refused } = client.figures;
  const [median, longest] = [starts[starts.length >> 1], starts.at(-1)];
  const seconds = ((Date.now() - begin) / 1000).toFixed(1);
  console.log(
    `crash: seed ${seed}, ${rounds} kills (${early} during the start) in ${seconds} s; ` +
      `${acknowledged.length} items acknowledged in ${batches} batches, ${stored.length} stored, 0 lost, 0 doubled; ` +
      `${resent} batches sent again, ${duplicates} duplicates, ${refused} refusals; ` +
      `${expected.length + 1} alerts, ${hook.requests.length} webhook requests, ${taken.length - keys.size} repeats; ` +
      `start to ready median ${median} ms, max ${longest} ms`,
  );
});
