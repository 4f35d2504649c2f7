// kill -9 in between a stream: what it weighs, and how many accounts copy one text, are the same as without the kills.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Daemon } from './lib/daemon.mjs';
import { pause, until } from './lib/wait.mjs';

const seed = Number(process.env.VIGIE_CRASH_SEED ?? Date.now() % 1_000_000);
const batchSize = 12;
const count = 480;

/** mulberry32: small, and the same everywhere. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

/** Own words, two campaigns, reposts and bare links, of accounts great and small. */
function stream() {
  const random = generator(seed);
  const below = n => Math.floor(random() * n);
  const begin = Date.now() - 40 * 60_000;
  return Array.from({ length: count }, (_, i) => {
    const who = below(90);
    const kind = random();
    const own = Array.from({ length: 10 }, () => `w${below(1e9)}`).join(' ');
    const one = {
      type: 'item',
      id: `mastodon/${seed}-${i}`,
      platform: 'mastodon',
      published: new Date(begin + i * 4000 - below(120_000)).toISOString(),
      text: `Aurora Air ${own}`,
      author: {
        handle: `@reader${who}@mas.to`,
        followers: who % 3 === 0 ? 0 : who * who * 40,
        created: new Date(begin - (who % 7) * 20 * 86_400_000).toISOString(),
      },
    };
    if (kind < 0.25) one.text = `Aurora Air cancels flights and never refunds anybody, sign the petition with us today friend${below(400)}`;
    else if (kind < 0.4) one.text = `They told us that Aurora Air pays within a week, it was a plain lie and here is the proof number${below(400)}`;
    else if (kind < 0.5 && i > 0) {
      const target = below(i);
      Object.assign(one, { kind: 'repost', repost_of: `mastodon/${seed}-${target}`, text: `RT Aurora Air item ${target}` });
    } else if (kind < 0.55) one.text = `#auroraair https://example.org/${i}`;
    return one;
  });
}

const rules = [
  {
    alert: 'Sums',
    values: { said: 'mentions[6h]', heard: 'weighted[6h]', same: 'copies[6h]' },
    expr: 'said >= 1',
    labels: { severity: 'info' },
  },
];

/** Pushes until it is acknowledged. */
async function deliver(daemon, batch) {
  await until('a batch to be acknowledged', async () => {
    const answer = await daemon.push(batch).catch(() => undefined);
    return answer?.status === 202;
  });
}

async function sums(daemon) {
  const alert = await until('the sums of the whole stream', async () => {
    const all = await daemon.json('/api/v1/alerts');
    const found = all.find(one => one.labels.alertname === 'Sums');
    return found?.values.said === count && found;
  });
  return alert.values;
}

test('weights and copies do not depend on kills', { timeout: 600_000 }, async t => {
  t.diagnostic(`seed ${seed}`);
  const all = stream();
  const batches = [];
  for (let i = 0; i < count; i += batchSize) batches.push(all.slice(i, i + batchSize));

  const steady = await Daemon.make(t, { rules });
  for (const batch of batches) await deliver(steady, batch);
  const expected = await sums(steady);
  assert.ok(expected.heard > 50 && expected.heard !== expected.said, `weighted is ${expected.heard}`);
  assert.ok(expected.same > 10, `copies is ${expected.same}`);

  const random = generator(seed + 1);
  const killed = await Daemon.make(t, { rules });
  let kills = 0;
  for (const batch of batches) {
    if (random() < 0.3) {
      // On its way, nobody knows how far.
      const lost = killed.push(batch).catch(() => undefined);
      await pause(random() * 15);
      await killed.kill();
      await lost;
      ++kills;
      await killed.start();
    }
    await deliver(killed, batch);
  }
  t.diagnostic(`${kills} kills`);
  assert.ok(kills > 3);
  assert.deepEqual(await sums(killed), expected);
});
