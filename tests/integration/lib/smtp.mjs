// Mail servers that record what they were told, with certificates made on the spot.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { run } from './programs.mjs';
import { until } from './wait.mjs';
import { afterwards } from './workspace.mjs';

/** A self-signed certificate for 127.0.0.1 and localhost. Answers {key, cert, file}. */
export async function certificate(dir, name = 'mail') {
  const key = path.join(dir, `${name}.key`);
  const file = path.join(dir, `${name}.crt`);
  const made = await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    file,
    '-subj',
    `/CN=${name}.example`,
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
  ]);
  if (made.code !== 0) throw new Error(made.err);
  return { key: readFileSync(key), cert: readFileSync(file), file };
}

export class MailServer {
  /** `onMail(mail, count)` may answer an error to refuse with; `onLogin(login, count)` likewise. */
  static async start(t, { tls, onMail = () => undefined, onLogin = () => undefined, ...options }) {
    const server = new MailServer();
    server.mails = [];
    server.logins = [];
    server.senders = [];
    server.connections = 0;
    server.smtp = new SMTPServer({
      key: tls?.key,
      cert: tls?.cert,
      authMethods: ['PLAIN', 'LOGIN'],
      logger: false,
      ...options,
      onConnect(_, done) {
        ++server.connections;
        done();
      },
      onAuth(auth, session, done) {
        const login = { username: auth.username, password: auth.password, secure: session.secure };
        const refusal = onLogin(login, server.logins.length);
        server.logins.push(login);
        if (refusal) done(refusal);
        else done(null, { user: auth.username });
      },
      onMailFrom(address, _, done) {
        server.senders.push(address.address);
        done();
      },
      onData(stream, session, done) {
        const parts = [];
        stream.on('data', part => parts.push(part));
        stream.on('end', () => {
          const mail = {
            raw: Buffer.concat(parts),
            from: session.envelope.mailFrom.address,
            to: session.envelope.rcptTo.map(one => one.address),
            secure: session.secure,
            user: session.user,
          };
          const refusal = onMail(mail, server.mails.length);
          server.mails.push(mail);
          done(refusal);
        });
      },
    });
    server.smtp.on('error', () => {}); // a peer that hangs up is what some tests want
    await new Promise(resolve => server.smtp.listen(0, '127.0.0.1', resolve));
    server.port = server.smtp.server.address().port;
    afterwards(t, () => new Promise(resolve => server.smtp.close(resolve)));
    return server;
  }

  received(count = 1, options = {}) {
    return until(`${count} mails`, () => this.mails.length >= count && this.mails, options);
  }
}

export function refusal(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}
