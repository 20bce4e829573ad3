import { get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ANSWER_HEADER, NONCE_HEADER, Responder } from './responder.js';

const open: Responder[] = [];
afterEach(async () => {
  for (const responder of open.splice(0)) await responder[Symbol.asyncDispose]();
});

async function responder(): Promise<Responder> {
  const one = await Responder.open();
  open.push(one);
  return one;
}

type Seen = { status: unknown; headers: Record<string, unknown> };

function overHttp1(port: number, headers: Record<string, string>): Promise<Seen> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers }));
    }).on('error', reject);
  });
}

function overHttp2(port: number, headers: Record<string, string>): Promise<Seen & { closed: boolean }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const stream = session.request({ ':path': '/', ...headers });
    let seen: Seen | undefined;
    stream.on('response', (got) => {
      seen = { status: got[':status'], headers: { ...got } };
    });
    stream.resume();
    session.on('close', () => (seen === undefined ? reject(new Error('no response')) : resolve({ ...seen, closed: session.closed })));
  });
}

describe.each([
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
] as const)('Responder over %s', (_protocol, ask) => {
  it('answers a nonce with what only it knows', async () => {
    const one = await responder();
    const { nonce, answer } = one.challenge();
    expect(answer).not.toBe(nonce);
    const seen = await ask(one.address.port, { [NONCE_HEADER]: nonce });
    expect(seen).toMatchObject({ status: 200, headers: { [ANSWER_HEADER]: answer } });
  });

  it('turns everybody else away, for a moment', async () => {
    const one = await responder();
    one.challenge();
    for (const headers of [{}, { [NONCE_HEADER]: 'guessed' }]) {
      const seen = await ask(one.address.port, headers);
      expect(seen).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(seen.headers[ANSWER_HEADER]).toBeUndefined();
    }
  });
});

describe('Responder', () => {
  it('takes one request per connection', async () => {
    const one = await responder();
    expect((await overHttp1(one.address.port, {})).headers.connection).toBe('close');
    expect((await overHttp2(one.address.port, {})).closed).toBe(true);
  });

  it('understands a request that arrives byte by byte', async () => {
    const one = await responder();
    const socket = connect(one.address.port, '127.0.0.1');
    const received = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
    });
    for (const byte of 'PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await received).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('ends every connection when it closes, idle ones too', async () => {
    const one = await responder();
    const socket = connect(one.address.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
    await one[Symbol.asyncDispose]();
    await closed;
    await one[Symbol.asyncDispose]();
    expect(socket.destroyed).toBe(true);
  });
});
