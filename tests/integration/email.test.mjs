// Mail to a real SMTP server with STARTTLS and a login, read back by another's parser.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { Daemon } from './lib/daemon.mjs';
import { item, items } from './lib/items.mjs';
import { MailServer, certificate, refusal } from './lib/smtp.mjs';
import { until } from './lib/wait.mjs';
import { put, workspace } from './lib/workspace.mjs';

const password = 'mot de passe très secret';
const description = ['Première ligne.', '.', '..', '.caché', 'MAIL FROM:<evil@example.org>', 'x'.repeat(2000), 'Dernière ligne.'];

const crisis = {
  alert: 'Crise',
  expr: 'mentions[1h] >= 5',
  labels: { severity: 'élevée' },
  annotations: { summary: "On parle de {{brand.display}} : l'été sera long", description: description.join('\n') },
};

/** A daemon that mails to `server`. */
async function mailer(t, server, tls, config = {}) {
  const daemon = await Daemon.make(t, {
    rules: [crisis],
    receivers: [
      {
        name: 'mail',
        email_configs: [
          {
            to: 'Équipe de crise <crise@aurora.example>, veille@aurora.example',
            from: 'Vigie Étoilée <vigie@aurora.example>',
            smarthost: `127.0.0.1:${server.port}`,
            auth_username: 'vigie',
            auth_password: { file: 'mail-password' },
            ca_file: tls?.file,
            language: 'fr',
            allow_private: true,
            ...config,
          },
        ],
      },
    ],
    start: false,
  });
  put(daemon.dir, 'mail-password', password + '\n', 0o600);
  return daemon.start();
}

const hostile = [
  item({ text: 'Aurora Air \r\nBcc: tout@le.monde <script>alert(1)</script>', author: { handle: '@a\r\nX-Evil: 1', followers: 9000 } }),
  item({ text: 'Aurora Air : Noël à Zürich, ça fume !', author: { handle: '@zoé', followers: 8000 }, url: 'https://mas.to/@zoe/2' }),
];

describe('email', { concurrency: 6 }, () => {
  it('arrives over STARTTLS after a login, whole, with accents and lone dots', async t => {
    const tls = await certificate(workspace(t));
    const server = await MailServer.start(t, { tls });
    const daemon = await mailer(t, server, tls);
    await daemon.push([...hostile, ...items(4)]);
    const [mail] = await server.received();
    assert.equal(mail.secure, true);
    assert.deepEqual(server.logins, [{ username: 'vigie', password, secure: true }]);
    assert.equal(mail.from, 'vigie@aurora.example');
    assert.deepEqual(mail.to, ['crise@aurora.example', 'veille@aurora.example']);

    const parsed = await simpleParser(mail.raw);
    assert.deepEqual(parsed.from.value, [{ address: 'vigie@aurora.example', name: 'Vigie Étoilée' }]);
    assert.deepEqual(parsed.to.value, [
      { address: 'crise@aurora.example', name: 'Équipe de crise' },
      { address: 'veille@aurora.example', name: '' },
    ]);
    assert.match(parsed.subject, /^\[.*é.*\] aurora-air/i);
    assert.match(parsed.subject, /Crise$/);
    assert.match(parsed.messageId, /^<[^<>@\s]+@aurora\.example>$/);
    assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(parsed.headers.get('content-language'), 'fr');
    assert.ok(Math.abs(parsed.date.getTime() - Date.now()) < 120_000);
    assert.equal(parsed.headers.has('bcc'), false);
    assert.equal(parsed.headers.has('x-evil'), false);

    assert.match(parsed.text, /On parle de Aurora Air : l'été sera long/);
    const lines = parsed.text.split('\n');
    const first = lines.indexOf(description[0]);
    assert.deepEqual(lines.slice(first, first + description.length), description);
    assert.match(parsed.text, /Noël à Zürich, ça fume !/);
    assert.match(parsed.html, /Noël à Zürich, ça fume !/);
    assert.match(parsed.html, /<a href="https:\/\/mas\.to\/@zoe\/2"/);
    assert.match(parsed.html, /&lt;script&gt;/);
    assert.doesNotMatch(parsed.html, /<script/i);

    const raw = mail.raw.toString('latin1');
    assert.match(raw, /multipart\/alternative/);
    assert.doesNotMatch(raw, /[\x80-\xff]/, 'only ASCII travels');
    for (const line of raw.split('\r\n')) assert.ok(line.length <= 998, `a line of ${line.length} octets`);
    assert.doesNotMatch(raw.replaceAll('\r\n', ''), /[\r\n]/, 'lines end with CR LF alone');
    await daemon.delivered();
  });

  it('keeps its Message-ID when it is tried again', async t => {
    const tls = await certificate(workspace(t));
    const server = await MailServer.start(t, { tls, onMail: (_, count) => (count === 0 ? refusal(452, '4.3.1 try later') : undefined) });
    const daemon = await mailer(t, server, tls);
    await daemon.push(items(6));
    const [first, second] = await server.received(2, { seconds: 40 });
    const [one, two] = [await simpleParser(first.raw), await simpleParser(second.raw)];
    assert.equal(one.messageId, two.messageId);
    assert.equal(one.subject, two.subject);
    await daemon.delivered();
    assert.equal(server.mails.length, 2);
  });

  it('sends nothing, and no password, to a server that does not offer STARTTLS', async t => {
    const tls = await certificate(workspace(t));
    const server = await MailServer.start(t, { tls, hideSTARTTLS: true, allowInsecureAuth: true });
    const daemon = await mailer(t, server, tls);
    await daemon.push(items(6));
    await daemon.logged(/does not offer STARTTLS/);
    assert.ok(server.connections > 0);
    assert.deepEqual([server.logins, server.senders, server.mails], [[], [], []]);
    await stillWaits(daemon);
  });

  it('sends nothing to a server whose certificate does not verify', async t => {
    const dir = workspace(t);
    const [tls, other] = [await certificate(dir), await certificate(dir, 'other')];
    const server = await MailServer.start(t, { tls: other });
    const daemon = await mailer(t, server, tls);
    await daemon.push(items(6));
    await daemon.logged(/certificate does not verify/);
    assert.ok(server.connections > 0);
    assert.deepEqual([server.logins, server.senders, server.mails], [[], [], []]);
    await stillWaits(daemon);
  });

  it('a refused login is tried again later, not at once, so that the account is not locked', async t => {
    const tls = await certificate(workspace(t));
    const server = await MailServer.start(t, { tls, onLogin: () => refusal(535, '5.7.8 no') });
    const daemon = await mailer(t, server, tls);
    await daemon.push(items(6));
    const [line] = await daemon.logged(/notification not delivered yet.*535.*/);
    assert.match(line, /user name and password/);
    assert.doesNotMatch(daemon.output, /mot de passe/);
    await stillWaits(daemon);
    // An ordinary failure would have been tried again after two and after ten seconds; each look at the status is a round of the daemon.
    const since = Date.now();
    await until('fifteen seconds of the daemon going on', async () => (await daemon.status()).ready && Date.now() - since > 15_000, {
      every: 500,
    });
    assert.equal(server.logins.length, 1);
    assert.deepEqual(server.mails, []);
  });

  it('one dead mailbox does not keep the mail from the others', async t => {
    const tls = await certificate(workspace(t));
    const server = await MailServer.start(t, {
      tls,
      onRcptTo(address, _, done) {
        done(address.address.startsWith('crise') ? refusal(550, '5.1.1 no such user') : undefined);
      },
    });
    const daemon = await mailer(t, server, tls);
    await daemon.push(items(6));
    const [mail] = await server.received();
    assert.deepEqual(mail.to, ['veille@aurora.example']);
    await daemon.delivered();
    await daemon.logged(/refused 1 of 2 recipients/);
  });
});

/** The notification is neither lost nor given up. */
async function stillWaits(daemon) {
  const [queue] = (await daemon.status()).queues;
  assert.equal(queue.waiting, 1);
  assert.equal(queue.dead_letters, 0);
}
