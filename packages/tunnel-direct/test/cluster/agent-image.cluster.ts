import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cluster, Dial } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createNamespace,
  eventually,
  isReady,
  kubectl,
  podAddress,
  runIn,
  type Shadow,
  startCaller,
  startShadow,
} from '../../../../test/agents/kube.js';
import { tunnel } from '../../src/index.js';
import { silent } from '../pod.js';

const PORTS = [
  { name: 'http', port: 8080 },
  { name: 'admin', port: 9090 },
];
/** `npm run agent:image:direct` builds it. */
const IMAGE = { tunnel, image: process.env.HEDDLE_E2E_DIRECT_IMAGE ?? '' };
const API = { host: 'kubernetes.default.svc.cluster.local', port: 443 };
const options = () => ({ signal: new AbortController().signal, log: silent });

describe.skipIf(IMAGE.image === '')('the agent image', () => {
  const resources = new AsyncDisposableStack();
  let cluster: Cluster;
  let shadow: Shadow;
  let address = '';
  let local = { host: '127.0.0.1', port: 0 };
  const forwards = PORTS.map(({ port }) => ({ port, to: () => local }));

  beforeAll(async () => {
    cluster = resources.adopt(await connectCluster({}), (one) => one.close());
    const namespace = resources.use(await createNamespace('dt-image'));
    const app = createServer((request, response) => {
      let length = 0;
      request.on('data', (chunk: Buffer) => {
        length += chunk.length;
      });
      request.on('end', () => response.end(`laptop ${request.url} ${length}`));
    });
    resources.defer(() => void app.close());
    app.listen(0, '127.0.0.1');
    await once(app, 'listening');
    local = { host: '127.0.0.1', port: (app.address() as AddressInfo).port };
    [shadow] = await Promise.all([
      startShadow(IMAGE, namespace.name, 'shadow', { ports: PORTS, permitOpen: [API] }),
      startCaller(IMAGE, namespace.name, 'caller'),
    ]);
    const log = () => kubectl(['-n', namespace.name, 'logs', shadow.pod]);
    await eventually('the agent runs', async () => (await log()).includes('controlled on port'));
    address = await podAddress(shadow);
  }, 180_000);
  afterAll(() => resources.disposeAsync());

  const dial: Dial = (port, signal) => cluster.openPort({ namespace: shadow.namespace, name: shadow.pod }, port, signal);
  const open = () => tunnel.connect(dial, shadow.agent, forwards, options());
  const call = (script: string) => runIn(shadow.namespace, 'caller', ['node', '-e', script]);
  const get = (port: number, path: string) =>
    call(`fetch('http://${address}:${port}${path}').then(async (r) => process.stdout.write(await r.text()))`);

  test('is admitted under restricted, and ready only while every port listens', async () => {
    expect(await isReady(shadow)).toBe(false);
    const connected = await open();
    await eventually('ready', () => isReady(shadow));
    await connected[Symbol.asyncDispose]();
    await eventually('not ready', async () => !(await isReady(shadow)));
  });

  test('answers on the address of the pod', async () => {
    await using connected = await open();
    expect(await get(8080, '/one')).toBe('laptop /one 0');
    expect(await get(9090, '/two')).toBe('laptop /two 0');
    expect(connected.stats().map(({ port, total, failed }) => ({ port, total, failed }))).toEqual([
      { port: 8080, total: 1, failed: 0 },
      { port: 9090, total: 1, failed: 0 },
    ]);
  });

  test('is controlled through port-forward only', async () => {
    const script = `require('net').connect(${shadow.agent.port}, '${address}').on('error', (e) => process.stdout.write(e.code))`;
    expect(await call(script)).toBe('ECONNREFUSED');
  });

  test('half-close: the answer comes after the caller has ended its half', async () => {
    await using _ = await open();
    const script = `
      const s = require('net').connect({ port: 8080, host: '${address}', allowHalfOpen: true });
      s.end('GET /half HTTP/1.0\\r\\n\\r\\n');
      let all = ''; s.on('data', (d) => all += d).on('end', () => process.stdout.write(all.split('\\r\\n\\r\\n')[1]));`;
    expect(await call(script)).toBe('laptop /half 0');
  });

  test('a new connection takes the ports over, and the one before is lost', async () => {
    const first = await open();
    await using _ = await open();
    expect(await first.closed).toMatchObject({ why: 'lost', retry: true });
    expect(await get(8080, '/again')).toBe('laptop /again 0');
  });

  test('knows no token but its own', async () => {
    const other = await tunnel.agent({ image: 'x', secretName: 'x', ports: PORTS, permitOpen: [] });
    const attempt = tunnel.connect(dial, { ...other, port: shadow.agent.port }, forwards, options());
    await expect(attempt).rejects.toMatchObject({ code: 'tunnel-auth' });
  });

  test('listens on no port but the exposed ones, and connects out to nothing but the permitted pair', async () => {
    const wanted = [...forwards, { port: 9999, to: () => local }];
    await expect(tunnel.connect(dial, shadow.agent, wanted, options())).rejects.toMatchObject({ code: 'tunnel-refused' });
    await using connected = await open();
    if (connected.open === undefined) throw new Error('this tunnel cannot connect out');
    const api = await connected.open(API.host, API.port);
    api.write('GET / HTTP/1.1\r\n\r\n');
    expect(String((await once(api, 'data'))[0])).toContain('HTTPS server');
    await expect(connected.open(API.host, 80)).rejects.toThrow('does not connect');
    await expect(connected.open('127.0.0.1', shadow.agent.port)).rejects.toThrow('does not connect');
  });

  test('100 MB up, all of it', async () => {
    await using _ = await open();
    const script = `fetch('http://${address}:8080/up', { method: 'POST', body: Buffer.alloc(1e8) }).then(async (r) => process.stdout.write(await r.text()))`;
    expect(await call(script)).toBe('laptop /up 100000000');
  });

  test('carries 1,000 connections, 50 at a time', async () => {
    await using connected = await open();
    const script = `
      const one = (n) => new Promise((done, failed) => {
        const s = require('net').connect(8080, '${address}').on('error', failed);
        s.write('GET /' + n + ' HTTP/1.0\\r\\n\\r\\n');
        let all = ''; s.on('data', (d) => all += d).on('end', () => done(all.includes('laptop /' + n + ' 0')));
      });
      (async () => {
        let good = 0, next = 0;
        await Promise.all(Array.from({ length: 50 }, async () => { while (next < 1000) if (await one(next++)) good += 1; }));
        process.stdout.write(String(good));
      })();`;
    expect(await call(script)).toBe('1000');
    expect(connected.stats()[0]).toMatchObject({ total: 1000, failed: 0 });
  });

  test('carries 1,000 connections at once', async () => {
    await using connected = await open();
    const script = `
      const all = Array.from({ length: 1000 }, () => require('net').connect(8080, '${address}'));
      Promise.all(all.map((s) => new Promise((done, failed) => s.on('connect', done).on('error', failed)))).then(async () => {
        const answers = all.map((s, n) => new Promise((done, failed) => {
          let text = ''; s.on('data', (d) => text += d).on('end', () => done(text.includes('laptop /' + n))).on('error', failed);
          s.write('GET /' + n + ' HTTP/1.0\\r\\n\\r\\n');
        }));
        process.stdout.write(String((await Promise.all(answers)).filter(Boolean).length));
      });`;
    expect(await call(script)).toBe('1000');
    expect(connected.stats()[0]).toMatchObject({ total: 1000, failed: 0 });
  });

  test('restarts nothing', async () => {
    const { namespace, pod } = shadow;
    expect(await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', 'jsonpath={.status.containerStatuses[0].restartCount}'])).toBe('0');
  });
});
