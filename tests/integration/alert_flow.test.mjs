// From pushed items to a signed webhook and a Slack message: fired, tried again, told to be over, all the same after a restart.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import standardwebhooks from 'standardwebhooks';
import { Daemon } from './lib/daemon.mjs';
import { HttpReceiver } from './lib/http.mjs';
import { item, items, ndjson } from './lib/items.mjs';
import { until } from './lib/wait.mjs';
import { freePort, put } from './lib/workspace.mjs';

const { Webhook } = standardwebhooks;
const secret = `whsec_${randomBytes(32).toString('base64')}`;

const busy = {
  alert: 'Busy',
  expr: 'mentions[1h] >= 5',
  labels: { severity: 'critical', team: 'comms' },
  annotations: { summary: '{{brand.display}} is the talk of the hour', action: 'Read the mentions.' },
};

function webhookTo(receiver) {
  return [{ name: 'hook', webhook_configs: [{ url: receiver.url, secret: { file: 'hook-secret' }, allow_private: true }] }];
}

async function daemonWith(t, receivers, rules, settings = {}) {
  const daemon = await Daemon.make(t, { rules, receivers, start: false, more: { external_url: 'https://vigie.example' }, ...settings });
  put(daemon.dir, 'hook-secret', secret + '\n', 0o600);
  return daemon.start();
}

/** Verifies as any receiver would, with the reference library; returns the body. */
function verified(request) {
  return new Webhook(secret).verify(request.body, request.headers);
}

describe('alert flow', { concurrency: 6 }, () => {
  it('fires after enough items, as a signed Alertmanager webhook', async t => {
    const hook = await HttpReceiver.start(t);
    const daemon = await daemonWith(t, webhookTo(hook), [busy]);
    const pushed = items(4);
    await daemon.push(pushed);
    assert.deepEqual(await daemon.json('/api/v1/alerts'), []);
    const last = item({ text: 'Aurora Air: smoke in the cabin', url: 'https://mas.to/@ana/5' });
    await daemon.push([last]);

    const [request] = await hook.received();
    assert.equal(request.method, 'POST');
    assert.equal(request.path, '/hook');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.match(request.headers['webhook-id'], /^[A-Za-z0-9_-]+$/);
    assert.ok(Math.abs(Number(request.headers['webhook-timestamp']) - Date.now() / 1000) < 300);
    const body = verified(request);

    const changed = request.body.replace('"firing"', '"resolved"');
    assert.notEqual(changed, request.body);
    assert.throws(() => new Webhook(secret).verify(changed, request.headers));
    assert.throws(() => new Webhook(secret).verify(request.body, { ...request.headers, 'webhook-id': 'other' }));
    assert.throws(() => new Webhook(`whsec_${randomBytes(32).toString('base64')}`).verify(request.body, request.headers));

    assert.equal(body.version, '4');
    assert.equal(body.status, 'firing');
    assert.equal(body.receiver, 'hook');
    assert.equal(body.truncatedAlerts, 0);
    assert.equal(body.externalURL, 'https://vigie.example');
    assert.deepEqual(body.groupLabels, { alertname: 'Busy', brand: 'aurora-air' });
    const labels = { alertname: 'Busy', brand: 'aurora-air', severity: 'critical', team: 'comms' };
    assert.deepEqual(body.commonLabels, labels);
    assert.equal(body.commonAnnotations.summary, 'Aurora Air is the talk of the hour');
    assert.equal(typeof body.groupKey, 'string');
    assert.equal(body.alerts.length, 1);
    const [alert] = body.alerts;
    assert.equal(alert.status, 'firing');
    assert.deepEqual(alert.labels, labels);
    assert.ok(Math.abs(Date.parse(alert.startsAt) - Date.now()) < 120_000);
    assert.match(alert.endsAt, /^0001-01-01T00:00:00/);
    assert.match(alert.fingerprint, /^[0-9a-f]{16}$/);
    assert.match(alert.generatorURL, /^https:\/\/vigie\.example\//);
    assert.equal(body.vigie.key, request.headers['webhook-id']);
    assert.equal(body.vigie.level, 'critical');
    const [detail] = body.vigie.alerts;
    assert.equal(detail.values['mentions[1h]'], 5);
    const evidence = detail.evidence.map(one => one.id);
    assert.ok(evidence.length > 0 && evidence.every(id => [...pushed, last].some(one => one.id === id)), String(evidence));

    // Nothing more is told while nothing changes.
    await daemon.push(items(3));
    await until('the alert to have seen the new items', async () => (await daemon.json('/api/v1/alerts'))[0].values['mentions[1h]'] === 8);
    assert.equal(hook.requests.length, 1);
    const shown = await daemon.vigie('alerts');
    assert.equal(shown.code, 0);
    assert.match(shown.out, /firing\s+critical\s+Busy\s+aurora-air/);
  });

  it('tries again after failures under the same key, also across a kill', async t => {
    const plan = [500, 'reset', 503];
    const hook = await HttpReceiver.start(t, (_, count) => plan[count] ?? 200);
    const daemon = await daemonWith(t, webhookTo(hook), [busy]);
    await daemon.push(items(6));
    await hook.received(2);
    await daemon.kill();
    await daemon.start();
    const requests = await hook.received(4, () => true, { seconds: 60 });
    assert.equal(new Set(requests.map(one => one.headers['webhook-id'])).size, 1);
    assert.equal(new Set(requests.map(one => verified(one).vigie.key)).size, 1);
    assert.deepEqual(
      requests.map(one => verified(one).status),
      ['firing', 'firing', 'firing', 'firing'],
    );
    await until('the outbox to be empty', async () => (await daemon.status()).queues.every(queue => queue.waiting === 0));
    assert.equal(hook.requests.length, 4);
  });

  it('waits as long as a receiver asks for', async t => {
    const hook = await HttpReceiver.start(t, (_, count) => (count === 0 ? { status: 429, headers: { 'Retry-After': '6' } } : 200));
    const daemon = await daemonWith(t, webhookTo(hook), [busy]);
    await daemon.push(items(6));
    const [first, second] = await hook.received(2, () => true, { seconds: 40 });
    assert.ok(second.at - first.at >= 5900, `${second.at - first.at} ms`);
    assert.equal(second.headers['webhook-id'], first.headers['webhook-id']);
  });

  it('after a reload that corrects an address, what waits is sent at once', async t => {
    const hook = await HttpReceiver.start(t);
    const dead = `http://127.0.0.1:${await freePort()}/`;
    const daemon = await daemonWith(t, webhookTo({ url: dead }), [busy]);
    await daemon.push(items(6));
    // Two, ten and thirty seconds lie between the tries: after the third, the next is far away.
    await until('three failures', () => daemon.output.match(/not delivered yet/g)?.length >= 3, { seconds: 40 });
    daemon.configure({ receivers: webhookTo(hook) });
    daemon.child.kill('SIGHUP');
    await daemon.logged(/nothing changed/);
    const reloaded = Date.now();
    const [request] = await hook.received();
    assert.equal(verified(request).status, 'firing');
    assert.ok(request.at - reloaded < 15_000, `${request.at - reloaded} ms`);
  });

  it('a receiver that hangs delays no other', async t => {
    const hung = await HttpReceiver.start(t, () => 'hang');
    const well = await HttpReceiver.start(t);
    const receivers = [{ name: 'two', webhook_configs: [hung, well].map(one => ({ url: one.url, allow_private: true })) }];
    const daemon = await daemonWith(t, receivers, [busy, { ...busy, alert: 'Busier', expr: 'mentions[1h] >= 20' }]);
    await daemon.push(items(6));
    await hung.received(1);
    await well.received(1);
    await daemon.push(items(20));
    await well.received(2);
    assert.equal(hung.requests.length, 1);
  });

  it('a loopback receiver without allow_private is sent nothing', async t => {
    const hook = await HttpReceiver.start(t);
    const daemon = await daemonWith(t, [{ name: 'hook', webhook_configs: [{ url: hook.url }] }], [busy]);
    await daemon.push(items(6));
    await daemon.logged(/private address/);
    assert.equal(hook.requests.length, 0);
  });

  it('tells the end of what it told, after a restart in between, which itself ends nothing', async t => {
    const hook = await HttpReceiver.start(t);
    const short = { ...busy, alert: 'Short', expr: 'mentions[1m] >= 5' };
    const daemon = await daemonWith(t, webhookTo(hook), [short]);
    await daemon.push(items(6));
    const [told] = await hook.received();
    const firing = verified(told);
    assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
    await daemon.start();
    const [after] = await daemon.json('/api/v1/alerts');
    assert.equal(after.state, 'firing');
    assert.equal(after.fingerprint, firing.alerts[0].fingerprint);

    // After a start nothing ends for three minutes: the sources may not have spoken yet.
    const [, ended] = await hook.received(2, () => true, { seconds: 120 });
    const resolved = verified(ended);
    assert.equal(resolved.status, 'resolved');
    assert.equal(resolved.groupKey, firing.groupKey);
    assert.notEqual(ended.headers['webhook-id'], told.headers['webhook-id']);
    const [alert] = resolved.alerts;
    assert.equal(alert.status, 'resolved');
    assert.equal(alert.fingerprint, firing.alerts[0].fingerprint);
    assert.equal(alert.startsAt, firing.alerts[0].startsAt);
    assert.ok(Date.parse(alert.endsAt) > Date.parse(alert.startsAt) + 60_000, `${alert.startsAt} to ${alert.endsAt}`);
    assert.ok(ended.at - told.at > 170_000, 'the grace after a start was not kept');
  });

  it('tells firing and end of a story that is played at speed', async t => {
    const hook = await HttpReceiver.start(t);
    const begin = Date.now() - 7_200_000;
    const at = minutes => new Date(begin + minutes * 60_000).toISOString();
    const story = [
      ...Array.from({ length: 30 }, (_, i) => item({ published: at(i * 0.1) })),
      ...Array.from({ length: 10 }, (_, i) => item({ published: at(10 + i) })),
    ];
    const rule = { ...busy, expr: 'mentions[5m] >= 20', clear: 'mentions[5m] < 10' };
    const daemon = await Daemon.make(t, { rules: [rule], receivers: webhookTo(hook), start: false, args: ['--speed', '0'] });
    put(daemon.dir, 'hook-secret', secret, 0o600);
    daemon.args.push('--play', put(daemon.dir, 'story.ndjson', ndjson(story)));
    await daemon.start();
    const [first, second] = await hook.received(2);
    // The clock of the story is in the past, but who verifies a signature compares it with the real one.
    assert.equal(verified(first).status, 'firing');
    const ended = verified(second);
    assert.equal(ended.status, 'resolved');
    assert.ok(Date.parse(ended.alerts[0].startsAt) >= begin && Date.parse(ended.alerts[0].endsAt) < begin + 1_260_000);
  });

  it('writes to Slack within its limits, and hostile text pings nobody and forges no link', async t => {
    const slack = await HttpReceiver.start(t, () => ({ status: 200, text: 'ok' }));
    const daemon = await daemonWith(
      t,
      [{ name: 'chat', slack_configs: [{ api_url: slack.url, allow_private: true }] }],
      [{ ...busy, annotations: { summary: '{{brand.display}} <!channel> & {{labels.team}}', description: 'd'.repeat(4000) } }],
    );
    const hostile = [
      '<!channel> Aurora Air <!here> <!everyone> <@U123> <!subteam^S1>',
      'Aurora Air <https://evil.example|https://bank.fr>',
      'Aurora Air *bold* _it_ ~gone~ `code` ```block',
      'Aurora Air &lt;!channel&gt; \u202egnp.exe \u200b@everyone',
      `Aurora Air ${'long '.repeat(3000)}`,
      'Aurora Air javascript link',
    ];
    await daemon.push(
      hostile.map((text, i) =>
        item({
          text,
          url: i === 5 ? 'javascript:alert(1)' : `https://mas.to/p/${i}?a=1|2>&<x>`,
          author: { handle: `<!here>${i}`, name: '<https://evil.example|Bank>', followers: 1000 * (6 - i) },
        }),
      ),
    );
    const [request] = await slack.received();
    const body = JSON.parse(request.body);
    assert.equal(body.unfurl_links, false);
    assert.equal(body.unfurl_media, false);
    assert.equal(body.link_names, false);
    assert.ok(body.text.length > 0 && body.text.length <= 4000);
    assert.ok(body.blocks.length > 2 && body.blocks.length <= 50, `${body.blocks.length} blocks`);
    for (const block of body.blocks) checkBlock(block);
    assert.ok(request.body.includes('talk') || request.body.includes('&lt;!channel&gt;'), 'the hostile text is told, escaped');

    function checkBlock(block) {
      assert.ok(['header', 'section', 'context', 'divider', 'actions'].includes(block.type), block.type);
      if (block.type === 'header') {
        assert.equal(block.text.type, 'plain_text');
        assert.ok(block.text.text.length >= 1 && block.text.text.length <= 150);
      }
      if (block.type === 'section') {
        assert.ok(block.text || block.fields);
        if (block.text) checkText(block.text, 3000);
        if (block.fields) {
          assert.ok(block.fields.length >= 1 && block.fields.length <= 10);
          for (const field of block.fields) checkText(field, 2000);
        }
      }
      if (block.type === 'context') {
        assert.ok(block.elements.length >= 1 && block.elements.length <= 10);
        for (const element of block.elements) checkText(element, 3000);
      }
    }

    function checkText(text, limit) {
      assert.ok(text.text.length >= 1 && text.text.length <= limit, `${text.text.length} of ${limit}`);
      if (text.type !== 'mrkdwn') return;
      // A raw "<" begins a mention or a link: the only ones are links of Vigie's own with labels of its own.
      for (const [, inside] of text.text.matchAll(/<([^>]*)>/g)) {
        const [url, label, ...rest] = inside.split('|');
        assert.match(url, /^https:\/\/(mas\.to|vigie\.example)\//, inside);
        assert.ok(label && !/[<>&]|bank|evil/i.test(label) && rest.length === 0, inside);
      }
      // A ">" where a line begins quotes: Vigie's own.
      assert.equal(
        text.text
          .replace(/<[^>]*>/g, '')
          .replace(/^> /gm, '')
          .match(/[<>]/),
        null,
        text.text,
      );
      assert.equal(text.text.includes('\u202e'), false);
      assert.doesNotMatch(text.text, /javascript:alert/);
    }
  });
});
