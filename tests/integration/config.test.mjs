// vigie check and the command line: one mistake in each file, told with its place, and the exit codes that scripts rely on.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { Daemon } from './lib/daemon.mjs';
import { program, rows, run, vigie } from './lib/programs.mjs';
import { freePort, put, workspace } from './lib/workspace.mjs';

const sound = `listen: 127.0.0.1:8480
timezone: Europe/Paris
rules: [rules/*.yaml]
retention: {evidence: 30d, minutes: 90d, hours: 3y}
brands:
  - name: aurora-air
    display: Aurora Air
    query: '("aurora air" OR auroraair OR @auroraair OR #auroraair) AND NOT "aurora airport"'
    official: {x: ["@auroraair"], mastodon: ["@auroraair@mastodon.social"], domain: [auroraair.example]}
    functions: {safety: 'smoke OR "emergency landing"', hr: 'pilot* OR strike OR union'}
    labels: {team: comms-eu}
sources:
  - {name: news-fr, kind: feed, url: "https://news.google.com/rss/search?q={query}&hl=fr", every: 2m}
  - {name: push, kind: push, token: {file: push-token}}
route: {receiver: comms, group_by: [alertname, brand], group_wait: 10s, group_interval: 5m, repeat_interval: 4h}
receivers:
  - name: comms
    slack_configs: [{api_url: {file: slack-url}}]
    email_configs: [{to: crisis@auroraair.example, smarthost: "smtp.example:587", from: vigie@auroraair.example}]
    log_configs: [{}]
    webhook_configs: [{url: "https://hooks.example/vigie", secret: {file: hook-secret}}]
inhibit_rules: []
time_intervals: []
`;

const rules = `groups:
  - name: volume
    rules:
      - alert: Many
        thresholds: {enough: 50}
        expr: mentions[1h] >= enough
        for: 5m
        labels: {severity: warning}
        annotations: {summary: "{{brand.display}} is mentioned a lot"}
`;

function folder(t) {
  const dir = workspace(t);
  put(dir, 'push-token', 'token-of-the-push-source', 0o600);
  put(dir, 'slack-url', 'https://hooks.slack.example/services/T/B/X', 0o600);
  put(dir, 'hook-secret', `whsec_${Buffer.alloc(32, 7).toString('base64')}`, 0o600);
  put(dir, 'rules/rules.yaml', rules);
  put(dir, 'vigie.yaml', sound);
  return dir;
}

/** The line and column, from 1, of `what` in `text`. */
function placeOf(text, what) {
  const before = text.slice(0, text.indexOf(what)).split('\n');
  return `${before.length}:${before.at(-1).length + 1}`;
}

test('the configuration of the contract is sound', async t => {
  const dir = folder(t);
  const done = await vigie(['check', `${dir}/vigie.yaml`]);
  assert.equal(done.code, 0, done.out + done.err);
  assert.match(done.out, /no errors/);
  const json = await vigie(['check', '--json', `${dir}/vigie.yaml`, `${dir}/rules/rules.yaml`]);
  assert.equal(json.code, 0);
  assert.equal(JSON.parse(json.out).ok, true);
});

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
brands: *g
`;

// What is replaced, by what, where the mistake stands, and the words that tell of it.
const mistakes = [
  ['an unknown key with its nearest', 'timezone:', 'timezon:', 'timezon:', /timezon.*did you mean timezone/],
  ['an unknown key of a brand', '    display:', '    dislpay:', 'dislpay', /dislpay.*did you mean display/],
  ['a duplicate key', 'inhibit_rules: []', 'listen: 127.0.0.1:1', 'listen: 127.0.0.1:1\n', /listen.*again.*first at 1:1/],
  ['a wrong type', 'rules: [rules/*.yaml]', 'rules: {a: b}', '{a: b}', /expected/],
  ['a list where a text stands', 'listen: 127.0.0.1:8480', 'listen: [127.0.0.1]', '[127', /expected/],
  ['a duration without a unit', 'every: 2m', 'every: 120', '120', /expected.*(30s|duration)/],
  ['a duration out of bounds', 'every: 2m', 'every: 1s', '1s', /10s/],
  ['a time zone that does not exist', 'Europe/Paris', 'Europe/Pariss', 'Europe/Pariss', /time zone/],
  ['a query that does not close', `'("aurora air" OR`, `'((("aurora air" OR`, `'(((`, /query/],
  ['a kind of source that does not exist', 'kind: feed', 'kind: fed', 'fed', /fed.*did you mean feed/],
  ['a source without its URL', 'url: "https://news.google.com/rss/search?q={query}&hl=fr", ', '', '{name: news-fr', /url/],
  ['two sources of one name', 'name: push,', 'name: news-fr,', 'news-fr, kind: push', /news-fr again/],
  ['a receiver that does not exist', 'receiver: comms,', 'receiver: coms,', 'coms,', /coms.*did you mean "?comms/],
  ['a token in the open', 'token: {file: push-token}', 'token: hunter2', 'hunter2', /\{file: path\}/],
  ['a secret file that is missing', '{file: hook-secret}', '{file: hook-sekret}', '{file: hook-sekret}', /no such file/],
  ['a mail address that is none', 'from: vigie@auroraair.example', 'from: vigie', 'vigie}', /mail address/],
  ['mail in clear to another machine', 'from: vigie@', 'require_tls: false, from: vigie@', 'false', /require_tls/],
  ['an anchor', 'labels: {team: comms-eu}', 'labels: &l {team: comms-eu}', '&l', /anchor/],
  ['a tag', 'timezone: Europe', 'timezone: !!binary Europe', '!!binary', /tag/],
  ['a second document', 'inhibit_rules: []', '---\na: b', '---', /document/],
  [
    'inhibition, which this version does not know',
    'inhibit_rules: []',
    'inhibit_rules: [{source_matchers: [a="b"]}]',
    '[{source',
    /does not know/,
  ],
];

describe('vigie check tells the place of a mistake', { concurrency: 4 }, () => {
  for (const [name, from, to, at, words] of mistakes) {
    it(name, async t => {
      const dir = folder(t);
      const spoilt = sound.replace(from, to);
      assert.notEqual(spoilt, sound);
      put(dir, 'vigie.yaml', spoilt);
      const done = await vigie(['check', `${dir}/vigie.yaml`]);
      assert.equal(done.code, 1, done.out + done.err);
      const errors = done.out.split('\n').filter(line => line.startsWith(`${dir}/vigie.yaml:`));
      assert.equal(errors.length, 1, done.out);
      assert.match(errors[0], words);
      const line = placeOf(spoilt, at).split(':')[0];
      assert.match(errors[0], new RegExp(`^[^:]+:${line}:\\d+: `), `expected line ${line}: ${errors[0]}`);
      assert.doesNotMatch(done.out, /hunter2/);
      const json = JSON.parse((await vigie(['check', '--json', `${dir}/vigie.yaml`])).out);
      assert.equal(json.ok, false);
      assert.equal(json.diagnostics[0].line, Number(line));
    });
  }

  it('an alias bomb, at once', async t => {
    const dir = folder(t);
    put(dir, 'vigie.yaml', bomb);
    const begin = Date.now();
    const done = await vigie(['check', `${dir}/vigie.yaml`]);
    assert.ok(Date.now() - begin < 5000);
    assert.equal(done.code, 1);
    assert.match(done.out, /vigie\.yaml:1:\d+: .*anchor/);
    assert.match(done.out, /vigie\.yaml:2:\d+: .*alias/);
    assert.ok(done.out.length < 100_000);
  });

  it('all mistakes of a file at once, in its order', async t => {
    const dir = folder(t);
    put(
      dir,
      'vigie.yaml',
      sound.replace('Europe/Paris', 'Mars').replace('every: 2m', 'every: never').replace('receiver: comms,', 'receiver: x,'),
    );
    const done = await vigie(['check', `${dir}/vigie.yaml`]);
    assert.equal(done.code, 1);
    const lines = [...done.out.matchAll(/vigie\.yaml:(\d+):/g)].map(match => Number(match[1]));
    assert.deepEqual(lines, [2, 13, 15]);
  });
});

const ruleMistakes = [
  ['a truth divided by a duration', '(mentions[1h] > 5) / 5m > 1', /truth/],
  ['an unknown function', 'sharre(negative[1h]) > 5%', /sharre.*did you mean `?share/],
  ['surprise, which this version does not know yet', 'surprise(mentions[1h]) > 3', /surprise.*(not.*yet|does not know)/],
  ['an unknown metric', 'mention[1h] > 5', /mention.*did you mean `?mentions/],
  ['a number compared with a duration', 'mentions[1h] > 5m', /duration/],
  ['and beside or without parentheses', 'mentions[1h] > 5 and hour() > 8 or hour() < 2', /parenthes/],
  ['a window that is too short', 'mentions[5s] > 1', /1m/],
  ['an expression that is no condition', 'mentions[1h] + 1', /truth|condition/],
  ['a threshold that does not exist', 'mentions[1h] > enouh', /enouh.*did you mean `?enough/],
  ['a regular expression that does not compile', 'mentions{platform=~"("}[1h] > 1', /regular expression|missing/],
];

describe('vigie check reads rules', { concurrency: 4 }, () => {
  for (const [name, expr, words] of ruleMistakes) {
    it(name, async t => {
      const dir = folder(t);
      const spoilt = rules.replace('mentions[1h] >= enough', `'${expr}'`);
      const file = put(dir, 'rules/rules.yaml', spoilt);
      for (const checked of [file, `${dir}/vigie.yaml`]) {
        const done = await vigie(['check', checked]);
        assert.equal(done.code, 1, done.out + done.err);
        const error = done.out.split('\n').find(line => line.startsWith(`${file}:`) && !/warning/.test(line));
        assert.ok(error, done.out);
        assert.match(error, /^[^:]+:6:\d+: /);
        assert.match(error, words);
      }
    });
  }

  it('points at the very column inside an expression', async t => {
    const dir = folder(t);
    const file = put(dir, 'rules/rules.yaml', rules.replace('mentions[1h] >= enough', 'mentions[1h] >= enough and wrong(1) > 2'));
    const done = await vigie(['check', file]);
    assert.equal(done.code, 1);
    assert.ok(done.out.includes(`${file}:6:${'        expr: mentions[1h] >= enough and '.length + 1}: `), done.out);
  });

  it('warns without failing', async t => {
    const dir = folder(t);
    const file = put(
      dir,
      'rules/rules.yaml',
      rules.replace('mentions[1h] >= enough', 'share(negative[1h]) > 60 and mentions[1h] > enough'),
    );
    const done = await vigie(['check', file]);
    assert.equal(done.code, 0, done.out);
    assert.match(done.out, /warning: .*60%/);
    assert.equal(done.out.match(/warning/g).length, 1, 'the word is said once for one warning');
  });
});

const verbs = ['check', 'test', 'replay', 'status', 'alerts', 'sources', 'top', 'export', 'backup', 'restore', 'text'];

describe('the command line', { concurrency: 4 }, () => {
  it('explains itself, every verb with an example', async () => {
    const help = await vigie(['--help']);
    assert.equal(help.code, 0);
    assert.equal(help.err, '');
    for (const verb of verbs) assert.match(help.out, new RegExp(`^  ${verb}\\b`, 'm'));
    for (const verb of verbs) {
      const own = await vigie([verb, '--help']);
      assert.equal(own.code, 0, verb);
      assert.match(own.out, new RegExp(`Examples?:[^]*vigie ${verb}\\b`), verb);
    }
    const daemon = await run(program('vigied'), ['--help']);
    assert.equal(daemon.code, 0);
    assert.match(daemon.out, /Examples:\n  vigied --config/);
    for (const name of ['vigie', 'vigied']) assert.match((await run(program(name), ['--version'])).out, new RegExp(`^${name} \\d+\\.\\d+`));
  });

  it('2 for wrong usage, an unreadable file and an invalid configuration', async t => {
    const dir = folder(t);
    put(dir, 'broken.yaml', 'listen: [\n');
    const input = put(dir, 'items.ndjson', '');
    for (const args of [
      [],
      ['nonsense'],
      ['check', '--nonsense'],
      ['check', `${dir}/missing.yaml`],
      ['top'],
      ['top', 'aurora-air', '--limit', '0'],
      ['replay', '--config', `${dir}/broken.yaml`, '--input', input],
      ['replay', '--config', `${dir}/vigie.yaml`, '--input', `${dir}/none`],
      ['replay', '--config', `${dir}/vigie.yaml`, '--input', input, '--until', 'tomorrow'],
      ['restore', dir],
      ['export', '--data', `${dir}/none`],
      ['test', `${dir}/none.test.yaml`],
      ['text', '--config', `${dir}/broken.yaml`],
    ]) {
      const done = await vigie(args);
      assert.equal(done.code, 2, `vigie ${args.join(' ')} ended with ${done.code}`);
      assert.equal(done.out, '', `vigie ${args.join(' ')} wrote to stdout: ${done.out}`);
      assert.ok(done.err.length > 0);
    }
    for (const args of [
      ['--nonsense'],
      ['--config', `${dir}/broken.yaml`],
      ['--config', `${dir}/missing.yaml`],
      ['--speed', '3'],
      ['--config', `${dir}/vigie.yaml`, '--data', `${dir}/data`, '--play', `${dir}/none`],
    ]) {
      assert.equal((await run(program('vigied'), args)).code, 2, args.join(' '));
    }
  });

  it('3 when the daemon cannot be reached, and it says where it looked', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    for (const args of [['status'], ['alerts'], ['sources', '--json'], ['top', 'aurora-air'], ['export'], ['backup', '/tmp/nowhere']]) {
      const done = await vigie([...args, '--url', url]);
      assert.equal(done.code, 3, `${args[0]}: ${done.out}${done.err}`);
      assert.ok(done.err.includes(url));
      assert.equal(done.out, '');
    }
  });

  it('1 when the answer is no, 0 when it is yes; --json is one document', async t => {
    const daemon = await Daemon.make(t);
    const missing = await daemon.vigie('top', 'aurora-ari');
    assert.equal(missing.code, 1);
    assert.match(missing.err, /did you mean "aurora-air"/);
    for (const verb of ['status', 'alerts', 'sources']) {
      const done = await daemon.vigie(verb, '--json');
      assert.equal(done.code, 0);
      assert.equal(done.err, '');
      JSON.parse(done.out);
    }
    assert.match((await daemon.vigie('status')).out, /1 brand, 0 rules, 1 source\b/);
  });

  it('vigie text tells language, sentiment and matches of each item', async t => {
    const dir = folder(t);
    const item = { type: 'item', id: 'x/1', platform: 'x', published: '2026-03-01T09:30:00Z' };
    const input = [
      JSON.stringify({ ...item, text: 'Aurora Air a encore annulé mon vol, le service est horrible et le personnel est désagréable' }),
      '{"type":"item"}',
      JSON.stringify({
        ...item,
        id: 'x/2',
        text: 'I love the new lounge of Aurora Air, what a wonderful and friendly crew, smoke free too',
      }),
    ].join('\n');
    const done = await vigie(['text', '--config', `${dir}/vigie.yaml`], { input });
    assert.equal(done.code, 1);
    assert.match(done.err, /line 2: platform|line 2: id/);
    const [first, second] = rows(done.out);
    assert.deepEqual([first.language, first.sentiment.label], ['fr', 'negative']);
    assert.deepEqual([second.language, second.sentiment.label], ['en', 'positive']);
    assert.ok(Math.abs(first.sentiment.p.reduce((a, b) => a + b) - 1) < 0.01);
    assert.deepEqual(first.matches, [{ brand: 'aurora-air', functions: [] }]);
    assert.deepEqual(second.matches, [{ brand: 'aurora-air', functions: ['safety'] }]);
  });

  it('text --adapt learns from labels, refuses what does not help, and a configuration takes the file', async t => {
    const dir = folder(t);
    const who = ['tram', 'ferry', 'depot', 'metro', 'coach', 'tunnel', 'bridge'];
    const what = { negative: 'turnip', neutral: 'scheduled', positive: 'gravy' };
    const lines = (pick, count = 60) =>
      Array.from({ length: count }, (_, i) =>
        Object.entries(what).map(([label, word], k) => {
          const name = `${String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26))}x`;
          return JSON.stringify({ label: pick(label, i * 3 + k), text: `${who[i % 7]} of q${name} is ${word} at w${name}` });
        }),
      )
        .flat()
        .join('\n');
    const labels = put(dir, 'labels.ndjson', lines(label => label));
    const done = await vigie(['text', '--adapt', labels, '--output', `${dir}/adapted.bin`, '--json']);
    assert.equal(done.code, 0, done.err);
    const figures = JSON.parse(done.out);
    assert.equal(figures.written, true);
    assert.equal(figures.labels, 180);
    assert.ok(figures.after.macro_f1.value > figures.before.macro_f1.value);

    put(dir, 'vigie.yaml', `${sound}sentiment: {weights: adapted.bin}\n`);
    const input = JSON.stringify({ type: 'item', id: 'x/1', platform: 'x', published: '2026-03-01T09:30:00Z', text: 'ferry is turnip' });
    const adapted = await vigie(['text', '--config', `${dir}/vigie.yaml`], { input });
    assert.equal(rows(adapted.out)[0].sentiment.label, 'negative', adapted.err);

    const names = Object.keys(what);
    const noise = put(dir, 'noise.ndjson', lines((_, i) => names[(i * 7 + Math.floor(i / 3) + Math.floor(i / 5)) % 3], 20));
    const refused = await vigie(['text', '--adapt', noise, '--output', `${dir}/noise.bin`]);
    assert.equal(refused.code, 1, refused.out + refused.err);
    assert.match(refused.err, /nothing was written/);
    assert.equal((await vigie(['check', '--config', `${dir}/vigie.yaml`])).code, 0);
    const forced = await vigie(['text', '--adapt', noise, '--output', `${dir}/noise.bin`, '--force']);
    assert.equal(forced.code, 0, forced.err);

    const broken = put(dir, 'broken.ndjson', '{"label":"angry","text":"a"}\n\n{"label":"negative"\n{"label":"negative","text":7}\n{"text":"b"}\n');
    const wrong = await vigie(['text', '--adapt', broken, '--output', `${dir}/no.bin`]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /line 1: label: found .*angry.*, expected "negative", "neutral" or "positive"/);
    assert.match(wrong.err, /line 3: the line: found/);
    assert.match(wrong.err, /line 4: text: found 7, expected a string/);
    const few = put(dir, 'few.ndjson', '{"label":"negative","text":"awful"}\n');
    const short = await vigie(['text', '--adapt', few, '--output', `${dir}/no.bin`]);
    assert.equal(short.code, 2);
    assert.match(short.err, /1 labelled texts with words in them, expected at least 30/);
    assert.equal((await vigie(['text', '--adapt', labels])).code, 2);
  });

  it('a backup can be restored, and says the same', async t => {
    const daemon = await Daemon.make(t);
    await daemon.push(
      Array.from({ length: 7 }, (_, i) => ({
        type: 'item',
        id: `x/${i}`,
        platform: 'x',
        published: new Date().toISOString(),
        text: 'Aurora Air',
      })),
    );
    const kept = await daemon.vigie('backup', `${daemon.dir}/copy`);
    assert.equal(kept.code, 0, kept.err);
    const live = await daemon.vigie('export');
    assert.equal(live.code, 0, live.err);
    assert.equal(rows(live.out).length, 7);
    await daemon.stop();
    const back = await vigie(['restore', `${daemon.dir}/copy`, '--data', `${daemon.dir}/restored`]);
    assert.equal(back.code, 0, back.err);
    daemon.data = `${daemon.dir}/restored`;
    assert.equal((await daemon.exported()).length, 7);
  });
});
