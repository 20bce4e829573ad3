import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InProcessAgent, metaOf, type PodContext } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { streamPair } from '../src/network/stream-pair.js';
import { send } from './http.js';
import { pod, route, toyAdapter, toyScenario } from './toy-mesh.js';

/** What the laptop's end of a session would be: a program of the test's own behind a pod. */
function programmable() {
  const contexts = new Map<string, PodContext>();
  const http = createServer();
  const agent: InProcessAgent = async (context) => {
    const { name, labels } = metaOf(context.pod);
    contexts.set(name, context);
    if (labels.program === undefined) return undefined;
    const bytes = (side: Duplex) => side.on('data', (data: Buffer) => side.write(`bytes ${data}`));
    return {
      async connect() {
        const [ours, theirs] = streamPair();
        if (labels.program === 'bytes') bytes(theirs);
        else http.emit('connection', theirs);
        return ours;
      },
      ready: () => true,
      onReadyChange: () => {},
      stop: async () => http.closeAllConnections(),
    };
  };
  return { agent, http, contexts };
}

describe('the data plane', () => {
  const program = programmable();
  let sandbox: Sandbox;

  const service = (name: string, port: object = { port: 80, targetPort: 8080 }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { app: name }, ports: [port] },
  });
  const setRoute = async (name: string, rules: Parameters<typeof route>[1], more: object = {}) => {
    const cluster = sandbox.cluster();
    const made = route(name, rules);
    const live = await cluster.get({ apiVersion: 'example.dev/v1', kind: 'Route', namespace: 'shop', name });
    const spec = { ...(made.spec as object), ...more };
    if (live === undefined) await cluster.create({ ...made, spec });
    else await cluster.replace({ ...live, spec });
  };

  beforeAll(async () => {
    const own = ['http', 'bytes'].flatMap((name) => [pod(name, { app: name, program: name }), service(name)]);
    const scenario = {
      ...toyScenario,
      objects: [...toyScenario.objects, ...own, service('empty'), service('odd', { port: 80, targetPort: 9999 })],
    };
    sandbox = await createSandbox({ adapter: toyAdapter, scenario, agents: [program.agent] });
    await setRoute('http', [{ to: 'http' }]);
    await setRoute('bytes', [{ to: 'bytes' }], { tcp: true });
  });
  afterAll(async () => await sandbox.stop());

  it('routes by the live objects, from the gateway and from a pod', async () => {
    expect(await send(sandbox.gatewayUrl)).toMatchObject({ status: 200, text: 'cart v1\n' });
    expect(await send(sandbox.gatewayUrl, { 'X-New': 'yes' })).toMatchObject({ text: 'cart v2\n' });
    expect(await send(sandbox.clientUrl)).toMatchObject({ text: 'cart v1\n' });
    await setRoute('cart', [{ to: 'cart-v2' }]);
    expect((await send(sandbox.clientUrl)).text).toBe('cart v2\n');
    expect((await send(sandbox.gatewayUrl)).text).toBe('cart v2\n');
    await setRoute('cart', [{ header: 'x-new', value: 'yes', to: 'cart-v2' }, { to: 'cart-v1' }]);
    expect((await send(sandbox.clientUrl)).text).toBe('cart v1\n');
  });

  it("takes another Host as it stands, and a proxy's absolute form", async () => {
    expect(await send(sandbox.gatewayUrl, { host: 'nobody.example.dev' })).toMatchObject({
      status: 502,
      text: 'no such host: nobody.example.dev',
    });
    expect((await send(sandbox.clientUrl, { host: 'cart-v2' })).text).toBe('cart v2\n');
    expect((await send(sandbox.clientUrl, { host: 'cart-v2.shop.svc.cluster.local:80' })).text).toBe('cart v2\n');
    const proxied = request(sandbox.clientUrl, { path: 'http://cart-v2/x', agent: false }).end();
    const [response] = (await once(proxied, 'response')) as [IncomingMessage];
    expect(String((await once(response, 'data'))[0])).toBe('cart v2\n');
  });

  it('answers for itself: no route, no cluster, no endpoint, no port, redirects and faults', async () => {
    await setRoute('cart', [{ header: 'x-a', value: 'b', to: 'cart' }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 404, headers: { server: 'sandbox' } });
    await setRoute('cart', [{ to: 'nothing' }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 503, text: 'no such cluster' });
    await setRoute('cart', [{ to: 'empty' }]);
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 503, text: 'no healthy upstream' });
    await setRoute('cart', [{ redirect: 'elsewhere' }]);
    expect(await send(`${sandbox.clientUrl}/p`)).toMatchObject({ status: 302, headers: { location: 'http://elsewhere/p' } });
    await setRoute('cart', [{ to: 'cart', delayMs: '60' }]);
    const started = performance.now();
    expect(await send(sandbox.clientUrl)).toMatchObject({ status: 418, text: 'fault filter abort' });
    expect(performance.now() - started).toBeGreaterThan(50);
    expect(await send(sandbox.clientUrl, { host: 'empty' })).toMatchObject({ status: 503, text: 'nothing listens at empty:80' });
    expect(await send(sandbox.clientUrl, { host: 'cart:99' })).toMatchObject({ status: 503, text: 'nothing listens at cart:99' });
    await setRoute('cart', [{ to: 'cart-v1' }]);
  });

  it('says so when the adapter cannot read what decides', async () => {
    const cluster = sandbox.cluster();
    const broken = { ...route('broken', []), metadata: { name: 'broken', namespace: 'shop', annotations: { gap: 'yes' } } };
    const made = metaOf(await cluster.create(broken));
    expect(await send(sandbox.clientUrl)).toMatchObject({
      status: 501,
      text: 'the sandbox cannot tell where this request goes: a Route with a gap',
    });
    const ref = { apiVersion: 'example.dev/v1', kind: 'Route', namespace: 'shop', name: 'broken' };
    await cluster.delete(ref, { uid: made.uid ?? '', resourceVersion: made.resourceVersion ?? '' });
    expect((await send(sandbox.clientUrl)).status).toBe(200);
  });

  it('splits by weight, and decodes once per state of the store', async () => {
    let decodes = 0;
    const counted = {
      ...toyAdapter,
      decode: (...args: Parameters<typeof toyAdapter.decode>) => {
        decodes += 1;
        return toyAdapter.decode(...args);
      },
    };
    const other = await createSandbox({ adapter: counted, scenario: toyScenario });
    const seen = { v1: 0, v2: 0 };
    const cart = { namespace: 'shop', name: 'cart' };
    const { store } = other;
    const kind = store.kinds.byKind('example.dev', 'Route');
    if (kind === undefined) throw new Error('no kind Route');
    store.delete(kind, cart);
    store.create(kind, route('cart', [{ to: 'cart' }]));
    decodes = 0;
    for (let n = 0; n < 200; n += 1) seen[(await send(other.clientUrl)).text.includes('v1') ? 'v1' : 'v2'] += 1;
    await other.stop();
    expect(decodes).toBe(1);
    // Two pods, each as likely: 200 draws stay within 60 and 140 but once in ten million.
    expect(seen.v1).toBeGreaterThan(60);
    expect(seen.v2).toBeGreaterThan(60);
  });

  it('streams bodies both ways, large ones too, and passes path, headers and status on', async () => {
    program.http.once('request', (message: IncomingMessage, response) => {
      response.writeHead(207, { 'x-path': message.url, 'x-host': message.headers.host, 'set-cookie': ['a=1', 'b=2'] });
      message.pipe(response);
    });
    const body = Buffer.alloc(20 << 20, 'x');
    const got = await send(`${sandbox.clientUrl}/a?b=c`, { host: 'http', 'x-own': '1' }, body);
    expect(got).toMatchObject({ status: 207, headers: { 'x-path': '/a?b=c', 'x-host': 'http', 'set-cookie': ['a=1', 'b=2'] } });
    expect(got.text.length).toBe(body.length);
    program.http.once('request', (_message, response) => response.write('first'));
    const events = request(sandbox.clientUrl, { headers: { host: 'http' }, agent: false }).end();
    const [response] = (await once(events, 'response')) as [IncomingMessage];
    expect(String((await once(response, 'data'))[0])).toBe('first');
    events.destroy();
  });

  it('lets upgrades through, and answers of those who do not upgrade', async () => {
    program.http.on('upgrade', (message: IncomingMessage, socket: Duplex) => {
      if (message.url === '/no') socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 2\r\n\r\nno');
      else {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: chat\r\nconnection: upgrade\r\n\r\n');
        socket.on('data', (data) => socket.write(`you said ${data}`));
      }
    });
    const headers = { host: 'http', connection: 'upgrade', upgrade: 'chat' };
    const [response, socket] = (await once(request(sandbox.clientUrl, { headers, agent: false }).end(), 'upgrade')) as [
      IncomingMessage,
      Duplex,
    ];
    expect(response.headers.upgrade).toBe('chat');
    socket.write('hi');
    expect(String((await once(socket, 'data'))[0])).toBe('you said hi');
    socket.destroy();
    const [refused] = (await once(request(`${sandbox.clientUrl}/no`, { headers, agent: false }).end(), 'response')) as [IncomingMessage];
    expect(refused.statusCode).toBe(426);
    const [nowhere] = (await once(
      request(sandbox.clientUrl, { headers: { ...headers, host: 'empty' }, agent: false }).end(),
      'response',
    )) as [IncomingMessage];
    expect(nowhere.statusCode).toBe(503);
    nowhere.destroy();
  });

  it('refuses what is not HTTP/1.1', async () => {
    const session = connectHttp2(sandbox.clientUrl);
    const [error] = await once(session, 'error');
    expect(String(error)).toContain('Protocol error');
    const socket = connect(Number(new URL(sandbox.clientUrl).port), '127.0.0.1');
    socket.end('nonsense\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 505 [\s\S]*the sandbox speaks HTTP\/1.1 only$/);
  });

  it('gives pods their way out: through the proxy if they have one, as bytes where the mesh says so', async () => {
    const dial = (from: string, host: string, port = 80) => {
      const context = program.contexts.get(from);
      if (context === undefined) throw new Error(`no pod ${from}`);
      return context.dial(host, port);
    };
    const ask = async (stream: Duplex, text: string) => {
      stream.write(text);
      let got = '';
      for await (const data of stream) {
        got += String(data);
        if (!got.startsWith('HTTP') || /cart v\d/.test(got)) break;
      }
      return got;
    };
    await setRoute('cart', [{ to: 'cart-v2' }]);
    const http = 'GET / HTTP/1.1\r\nhost: cart\r\n\r\n';
    expect(await ask(await dial('caller', 'cart'), http)).toContain('cart v2');
    const outside = new Set<string>();
    for (let n = 0; n < 60; n += 1) outside.add((await ask(await dial('outsider', 'cart'), http)).includes('v1') ? 'v1' : 'v2');
    expect([...outside].sort()).toEqual(['v1', 'v2']);
    expect(await ask(await dial('caller', 'bytes'), 'hello')).toBe('bytes hello');
    const found = await sandbox.cluster().get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-v1' });
    const ip = (found?.status as { podIP: string } | undefined)?.podIP ?? '';
    expect(await ask(await dial('outsider', ip, 8080), http)).toContain('cart v1');
    await expect(dial('outsider', 'nobody')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(dial('outsider', ip, 99)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('answers 503 when the pod is gone between decision and connection, and nothing hangs when the client goes', async () => {
    expect(await send(sandbox.clientUrl, { host: 'odd' })).toMatchObject({ status: 503 });
    program.http.once('request', (message: IncomingMessage) => message.socket.destroy());
    expect(await send(sandbox.clientUrl, { host: 'http' })).toMatchObject({ status: 503 });
    const closed = new Promise((resolve) =>
      program.http.once('request', (message: IncomingMessage) => message.socket.on('close', resolve)),
    );
    const leaving = request(sandbox.clientUrl, { headers: { host: 'http' }, agent: false })
      .on('error', () => {})
      .end();
    await sleep(30);
    leaving.destroy();
    await closed;
    expect(leaving.destroyed).toBe(true);
  });
});
