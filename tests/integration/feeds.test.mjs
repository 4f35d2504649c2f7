// Feeds from a real nginx: conditional requests, gzip, moves, and everything that can be wrong with a server or a document.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { Daemon } from './lib/daemon.mjs';
import { ask } from './lib/http.mjs';
import { has } from './lib/programs.mjs';
import { until } from './lib/wait.mjs';
import { afterwards, freePort, put, workspace } from './lib/workspace.mjs';

function rss(name, count) {
  const entries = Array.from(
    { length: count },
    (_, i) => `  <item>
    <title>Aurora Air ${name} ${i}</title>
    <link>https://news.example/${name}/${i}</link>
    <guid isPermaLink="false">${name}-${i}</guid>
    <pubDate>${new Date(Date.now() - i * 60_000).toUTCString()}</pubDate>
    <description>What happened to Aurora Air on day ${i}, &lt;b&gt;at length&lt;/b&gt;. ${'Again and again. '.repeat(20)}</description>
  </item>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>${name}</title>
  <link>https://news.example/</link><description>News</description>\n${entries.join('')}</channel></rss>\n`;
}

const html = '<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Aurora Air</h1><p>No feed here.</p></body></html>';

async function nginx(t) {
  const dir = workspace(t);
  const port = await freePort();
  const truncated = rss('cut', 10);
  put(dir, 'www/news.xml', rss('news', 8));
  put(dir, 'www/zipped.xml', rss('zipped', 30));
  put(dir, 'www/cut.xml', truncated.slice(0, truncated.indexOf('cut-6')));
  put(dir, 'www/page.xml', html);
  put(dir, 'www/empty.xml', '');
  put(
    dir,
    'nginx.conf',
    `
    ${process.getuid() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
    events { worker_connections 64; }
    http {
      types { application/rss+xml xml; }
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(one => `${one}_temp_path ${dir}/${one};`).join(' ')}
      log_format seen escape=none '$request_uri $status inm=$http_if_none_match gzip=$gzip_ratio bytes=$body_bytes_sent';
      access_log ${dir}/access.log seen;
      server {
        listen 127.0.0.1:${port}; root ${dir}/www;
        location = /zipped.xml { gzip on; gzip_types application/rss+xml; gzip_min_length 100; }
        location = /moved.xml { return 301 /news2.xml; }
        location = /news2.xml { alias ${dir}/www/news2.xml; }
        location = /gone.xml { return 410; }
        location = /limited.xml { add_header Retry-After 45 always; return 429; }
        location = /loop.xml { return 302 /loop.xml; }
        location = /forbidden.xml { return 403; }
      }
    }`,
  );
  put(dir, 'www/news2.xml', rss('moved', 5));
  const child = spawn('nginx', ['-c', `${dir}/nginx.conf`, '-p', dir], { stdio: 'ignore' });
  const ended = new Promise(resolve => child.on('close', resolve));
  afterwards(t, async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await until('nginx to answer', async () => (await ask(`http://127.0.0.1:${port}/news.xml`)).status === 200);
  const log = () => readFileSync(path.join(dir, 'access.log'), 'utf8').trim().split('\n').slice(1);
  return { dir, port, url: `http://127.0.0.1:${port}`, hits: name => log().filter(line => line.startsWith(`/${name}.xml `)) };
}

test('feeds', { skip: has('nginx') ? false : 'nginx is not installed' }, async t => {
  const server = await nginx(t);
  const silent = createServer(() => {}); // accepts, and never says a word
  await new Promise(resolve => silent.listen(0, '127.0.0.1', resolve));
  const sockets = new Set();
  silent.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  afterwards(t, () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  const names = ['news', 'zipped', 'cut', 'page', 'empty', 'moved', 'gone', 'limited', 'loop', 'forbidden', 'missing'];
  const feed = (name, more = {}) => ({ name, kind: 'feed', url: `${server.url}/${name}.xml`, every: '10s', allow_private: true, ...more });
  const daemon = await Daemon.make(t, {
    sources: [
      ...names.map(name => feed(name)),
      feed('hung', { url: `http://127.0.0.1:${silent.address().port}/x.xml`, timeout: '2s' }),
      feed('private', { allow_private: false }),
    ],
  });
  const view = async () => {
    const shown = await daemon.vigie('sources', '--json');
    assert.equal(shown.code, 0, shown.err);
    return Object.fromEntries(JSON.parse(shown.out).map(one => [one.name, one]));
  };
  const allPolled = async () => {
    const sources = await view();
    return Object.values(sources).every(one => one.state !== 'waiting') && sources;
  };
  const sources = await until('every source to have been polled', allPolled, { seconds: 40, every: 300 });
  const stored = 8 + 30 + 5 + sources.cut.items;

  await t.test('what is sound is healthy, and counted', async () => {
    for (const [name, count] of [
      ['news', 8],
      ['zipped', 30],
      ['moved', 5],
    ]) {
      assert.equal(sources[name].state, 'healthy', JSON.stringify(sources[name]));
      assert.equal(sources[name].items, count, name);
      assert.ok(Date.parse(sources[name].last_success) > Date.now() - 120_000);
      assert.equal(sources[name].last_error, undefined);
    }
    assert.equal((await daemon.status()).mentions, stored);
  });

  await t.test('gzip was spoken', () => {
    const [hit] = server.hits('zipped');
    assert.match(hit, /^\/zipped\.xml 200 .*gzip=\d/, hit);
  });

  await t.test('of a feed that breaks off, the whole items count', () => {
    assert.ok(sources.cut.items >= 6 && sources.cut.items <= 7, JSON.stringify(sources.cut));
  });

  await t.test('what is broken says what is wrong, each in its own words', () => {
    const expected = {
      page: ['failing', /HTML|not a feed/i],
      empty: ['failing', /empty|not a feed/i],
      gone: ['gone', /410/],
      limited: ['failing', /429/],
      loop: ['failing', /redirect/i],
      forbidden: ['failing', /403/],
      missing: ['failing', /404/],
      hung: ['failing', /too long/],
      private: ['failing', /private/],
    };
    for (const [name, [state, words]] of Object.entries(expected)) {
      assert.equal(sources[name].state, state, JSON.stringify(sources[name]));
      assert.match(sources[name].last_error ?? '', words, name);
      assert.equal(sources[name].items, 0, name);
    }
  });

  await t.test('Retry-After is obeyed: the next poll is not before it', () => {
    assert.ok(Date.parse(sources.limited.next_poll) - Date.now() > 20_000, JSON.stringify(sources.limited));
    assert.equal(sources.gone.next_poll, null);
  });

  await t.test('the second poll is conditional, and answered with 304', async () => {
    const hits = await until('a second poll of news', () => server.hits('news').length >= 2 && server.hits('news'), {
      seconds: 40,
      every: 200,
    });
    assert.match(hits[0], /^\/news\.xml 200 inm= /);
    assert.match(hits[1], /^\/news\.xml 304 inm=(W\/)?"/);
    await until('news to be healthy', async () => (await view()).news.state === 'healthy');
    const log = server.hits('news2');
    assert.ok(log.length >= 1);
  });

  await t.test('an item is counted once over a kill, and cursors last', async () => {
    await daemon.kill();
    const before = server.hits('news').length;
    const goneBefore = server.hits('gone').length;
    assert.equal(goneBefore, 1, 'a feed that is gone was asked again');
    await daemon.start();
    await until('every source to have been polled again', allPolled, { seconds: 40, every: 300 });
    const after = server.hits('news').slice(before);
    assert.match(after[0], /^\/news\.xml 304 /, 'the cursor was lost');
    assert.equal((await daemon.status()).mentions, stored);
    assert.equal((await view()).news.state, 'healthy');
  });

  await t.test('a new item of a changed feed is counted, while the others still fail', async () => {
    put(server.dir, 'www/news.xml', rss('news', 9));
    await until('the ninth item', async () => (await daemon.status()).mentions === stored + 1, { seconds: 40, every: 200 });
    const metrics = (await daemon.get('/metrics')).text;
    assert.match(metrics, /vigie_source_healthy\{source="news"\} 1\b/);
    assert.match(metrics, /vigie_source_healthy\{source="hung"\} 0\b/);
    assert.match(metrics, /vigie_source_healthy\{source="gone"\} 0\b/);
  });

  await daemon.stop();
  const ids = (await daemon.exported()).map(one => one.id);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(ids.length, stored + 1);
});
