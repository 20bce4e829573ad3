import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InProcessAgent, metaOf } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { mirroredAuthority } from '../src/network/mirrored.js';
import { streamPair } from '../src/network/stream-pair.js';
import { ApiClient } from './api-client.js';
import { type Reply, send } from './http.js';
import { pod, route, type ToyRule, toyAdapter, toyScenario } from './toy-mesh.js';

const NAMESPACE = 'shop';
const V2 = { namespace: NAMESPACE, name: 'cart-v2' };

/** Of n draws with probability p: what a right sampler leaves once in a million times at most. */
function expectShare(count: number, n: number, p: number): void {
  const deviation = Math.sqrt(n * p * (1 - p));
  expect(Math.abs(count - n * p)).toBeLessThan(5 * deviation);
}

describe('what a rule does besides choosing a destination', () => {
  let sandbox: Sandbox;
  const heard: { path: string | undefined; headers: IncomingMessage['headers']; body: string }[] = [];
  const http = createServer(async (message, response) => {
    heard.push({ path: message.url, headers: message.headers, body: await text(message) });
    if (message.url === '/late') await sleep(2000);
    response.writeHead(200, { 'x-old': 'own', 'x-kept': 'yes' }).end('program\n');
  });
  const agent: InProcessAgent = async ({ pod: one }) =>
    metaOf(one).labels.app !== 'program'
      ? undefined
      : {
          async connect() {
            const [ours, theirs] = streamPair();
            http.emit('connection', theirs);
            return ours;
          },
          ready: () => true,
          onReadyChange: () => {},
          stop: async () => http.closeAllConnections(),
        };

  async function rule(rules: readonly ToyRule[]): Promise<void> {
    const { store } = sandbox;
    const kind = store.kinds.byKind('example.dev', 'Route');
    if (kind === undefined) throw new Error('no kind Route');
    store.delete(kind, { namespace: NAMESPACE, name: 'cart' });
    store.create(kind, route('cart', rules));
  }

  async function times(count: number, headers: Record<string, string> = {}): Promise<readonly Reply[]> {
    const all: Reply[] = [];
    for (let left = count; left > 0; left -= 1) all.push(await send(sandbox.clientUrl, headers));
    return all;
  }

  /** Nobody waits for a copy: a moment later all have arrived. */
  async function logged(of: { readonly namespace: string; readonly name: string }, least: number): Promise<readonly string[]> {
    for (let tries = 0; tries < 100 && sandbox.log(of).length < least; tries += 1) await sleep(10);
    return [...sandbox.log(of)];
  }

  beforeAll(async () => {
    const programService = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'program', namespace: NAMESPACE },
      spec: { selector: { app: 'program' }, ports: [{ port: 80, targetPort: 8080 }] },
    };
    const objects = [...toyScenario.objects, pod('program', { app: 'program' }), programService];
    const scenario = { ...toyScenario, objects, mirrorSuffix: '-shadow' };
    sandbox = await createSandbox({ adapter: toyAdapter, scenario, agents: [agent], seed: 7 });
  });
  afterAll(async () => await sandbox.stop());

  it('mirrors a share of the requests, and the answer is that of the destination alone', async () => {
    await rule([{ to: 'cart-v1', mirrors: { 'cart-v2': 10 } }]);
    const before = sandbox.log(V2).length;
    const answers = await times(1000);
    expect(new Set(answers.map((one) => one.text))).toEqual(new Set(['cart v1\n']));
    const copies = (await logged(V2, before + 50)).slice(before);
    expectShare(copies.length, 1000, 0.1);
    expect(new Set(copies)).toEqual(new Set(['GET / host=cart-shadow']));
  });

  it('draws each mirror on its own', async () => {
    await rule([{ to: 'cart', mirrors: { program: 50, 'cart-v2': 50 } }, { to: 'cart-v1' }]);
    heard.length = 0;
    let both = 0;
    for (let n = 0; n < 400; n += 1) {
      const [programBefore, v2Before] = [heard.length, sandbox.log(V2).length];
      const { text: answered } = await send(sandbox.clientUrl);
      await sleep(2);
      const toV2 = sandbox.log(V2).length - v2Before - (answered === 'cart v2\n' ? 1 : 0);
      if (heard.length > programBefore && toV2 > 0) both += 1;
    }
    expectShare(heard.length, 400, 0.5);
    expectShare(both, 400, 0.25);
  });

  it('copies method, path, body and changed headers', async () => {
    const headers = { request: { set: { 'x-set': 'new' }, remove: ['x-gone'] } };
    await rule([{ to: 'program', mirrors: { program: 100 }, more: { rewrite: { path: { full: '/new' } }, headers } }]);
    heard.length = 0;
    const body = 'b'.repeat(200_000);
    expect(await send(`${sandbox.clientUrl}/a`, { host: 'cart:80', 'x-set': 'old', 'x-gone': '1' }, body)).toMatchObject({ status: 200 });
    for (let tries = 0; tries < 100 && heard.length < 2; tries += 1) await sleep(10);
    const seen = heard.map((one) => [one.path, one.headers.host, one.headers['x-set'], one.headers['x-gone'], one.body === body]);
    expect(seen.toSorted()).toEqual([
      ['/new', 'cart-shadow:80', 'new', undefined, true],
      ['/new', 'cart:80', 'new', undefined, true],
    ]);
  });

  it('does not wait for the copy', async () => {
    await rule([{ to: 'cart-v1', mirrors: { program: 100 }, more: { rewrite: { path: { full: '/late' } } } }]);
    const started = performance.now();
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 200, text: 'cart v1\n' });
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it('loses a copy that nobody takes, and mirrors nothing of an aborted request', async () => {
    await rule([{ to: 'cart-v1', mirrors: { nobody: 100, outsider: 100 } }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 200, text: 'cart v1\n' });
    await rule([{ to: 'cart-v1', mirrors: { 'cart-v2': 100 }, more: { fault: { abort: { percent: 100, status: 503 } } } }]);
    const before = sandbox.log(V2).length;
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 503, text: 'fault filter abort' });
    expect(sandbox.log(V2).slice(before)).toEqual([]);
  });

  it('draws delay and abort each on its own, and a delay is waited for', async () => {
    await rule([
      {
        header: 'x-slow',
        value: 'yes',
        to: 'cart-v1',
        more: { fault: { delay: { percent: 50, ms: 40 }, abort: { percent: 50, status: 418 } } },
      },
      { to: 'cart-v1' },
    ]);
    const counts = { late: 0, aborted: 0, both: 0 };
    for (let n = 0; n < 200; n += 1) {
      const started = performance.now();
      const { status } = await send(sandbox.clientUrl, { 'x-slow': 'yes' });
      const late = performance.now() - started >= 39;
      if (late) counts.late += 1;
      if (status === 418) counts.aborted += 1;
      if (late && status === 418) counts.both += 1;
    }
    expectShare(counts.aborted, 200, 0.5);
    // A busy machine may make one late that is not; none that was drawn is early.
    expect(counts.late).toBeGreaterThan(100 - 5 * Math.sqrt(50));
    expectShare(counts.both, 200, 0.25);
    expect((await times(50)).every(({ status }) => status === 200)).toBe(true);
  });

  it('changes headers of requests and of answers, its own ones too', async () => {
    const headers = { request: { add: { 'x-add': 'b' } }, response: { set: { 'x-old': 'new' }, remove: ['x-kept'] } };
    await rule([{ to: 'program', more: { headers } }]);
    heard.length = 0;
    const got = await send(sandbox.clientUrl, { 'x-add': 'a' });
    expect(got).toMatchObject({ status: 200, text: 'program\n', headers: { 'x-old': 'new' } });
    expect(got.headers['x-kept']).toBeUndefined();
    expect(heard[0]?.headers['x-add']).toBe('a, b');
    await rule([{ to: 'nobody', more: { headers } }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 503, headers: { 'x-old': 'new' } });
  });

  it('answers 504 where the answer takes longer than the timeout', async () => {
    await rule([{ to: 'program', more: { timeoutMs: 60, rewrite: { path: { full: '/late' } } } }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 504, text: 'upstream request timeout' });
    await rule([{ to: 'program', more: { timeoutMs: 1500 } }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 200, text: 'program\n' });
  });

  it('draws the same for the same seed', async () => {
    const draw = async (seed: number) => {
      const other = await createSandbox({ adapter: toyAdapter, scenario: toyScenario, seed });
      const kind = other.store.kinds.byKind('example.dev', 'Route');
      if (kind === undefined) throw new Error('no kind Route');
      other.store.delete(kind, { namespace: NAMESPACE, name: 'cart' });
      other.store.create(kind, route('cart', [{ to: 'cart' }]));
      const answers: string[] = [];
      for (let n = 0; n < 40; n += 1) answers.push((await send(other.clientUrl)).text);
      await other.stop();
      return answers.join('');
    };
    const first = await draw(1);
    expect(await draw(1)).toBe(first);
    expect(await draw(2)).not.toBe(first);
  });

  it('shows a pod’s requests as kubectl logs reads them', async () => {
    const api = new ApiClient(sandbox.kubeconfig());
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/cart-v2/log`;
    const all = sandbox.log(V2).map((line) => `${line}\n`);
    expect((await api.send(path)).text).toBe(all.join(''));
    expect((await api.send(`${path}?tailLines=2&container=main`)).text).toBe(all.slice(-2).join(''));
    expect((await api.send(`/api/v1/namespaces/${NAMESPACE}/pods/nobody/log`)).json).toMatchObject({ code: 404 });
  });
});

describe('the authority of a copy', () => {
  it.each([
    ['reviews:9080', 'reviews-shadow:9080'],
    ['reviews', 'reviews-shadow'],
    ['10.0.0.1:80', '10.0.0.1-shadow:80'],
    ['[::1]:80', '[::1]-shadow:80'],
  ])('%s is %s', (authority, expected) => expect(mirroredAuthority(authority, '-shadow')).toBe(expected));
});
