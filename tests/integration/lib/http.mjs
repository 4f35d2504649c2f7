// A plain HTTP client, and receivers that record what they were sent.
import http from 'node:http';
import { until } from './wait.mjs';
import { afterwards } from './workspace.mjs';

/**
 * One request. `body` may be a string or a Buffer. Answers {status, headers, text, json()}. `agent` keeps connections where given.
 */
export function ask(url, { method = 'GET', headers = {}, body, agent, seconds = 60 } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent }, answer => {
      const parts = [];
      answer.on('data', part => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) });
      });
      answer.on('close', () => {
        if (!answer.complete) reject(new Error('the answer was cut off'));
      });
    });
    request.setTimeout(seconds * 1000, () => request.destroy(new Error(`no answer within ${seconds} s`)));
    request.on('error', reject);
    if (body !== undefined) request.write(body);
    request.end();
  });
}

/** Records every request; `answer(request, count)` says what to do: a status, {status, headers, text, after} (milliseconds),
 * "hang" or "reset". */
export class HttpReceiver {
  constructor(answer = () => 200) {
    this.answer = answer;
    this.requests = [];
    this.server = http.createServer((request, reply) => this.#take(request, reply));
  }

  static async start(t, answer) {
    const receiver = new HttpReceiver(answer);
    await new Promise(resolve => receiver.server.listen(0, '127.0.0.1', resolve));
    receiver.port = receiver.server.address().port;
    receiver.url = `http://127.0.0.1:${receiver.port}/hook`;
    afterwards(t, () => receiver.stop());
    return receiver;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise(resolve => this.server.close(resolve));
  }

  #take(request, reply) {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('error', () => {});
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const record = { method: request.method, path: request.url, headers: request.headers, body, at: Date.now() };
      const deed = this.answer(record, this.requests.length);
      record.answered = deed;
      this.requests.push(record);
      if (deed === 'hang') return;
      if (deed === 'reset') {
        request.socket.resetAndDestroy();
        return;
      }
      const { status, headers = {}, text = '', after = 0 } = typeof deed === 'number' ? { status: deed } : deed;
      setTimeout(() => reply.writeHead(status, headers).end(text), after);
    });
  }

  /** Waits until `count` requests fit `wanted`, and returns those that do. */
  received(count = 1, wanted = () => true, options = {}) {
    return until(
      `${count} requests at the receiver`,
      () => {
        const fitting = this.requests.filter(wanted);
        return fitting.length >= count && fitting;
      },
      options,
    );
  }
}
