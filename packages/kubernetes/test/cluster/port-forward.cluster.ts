import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { baseImage, echoImage, startEcho, startRawEcho, useNamespace } from './support.js';

const space = useNamespace();
const MB = 1_000_000;
let pod: { readonly namespace: string; readonly name: string };
let raw: { readonly namespace: string; readonly name: string };
beforeAll(async () => {
  [pod, raw] = await Promise.all([startEcho(space, 'echo'), startRawEcho(space, 'raw')]);
});

/** One HTTP request over a stream. */
function request(
  stream: Duplex,
  options: http.RequestOptions,
  body?: AsyncIterable<Buffer>,
): Promise<{ status?: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: 'pod', createConnection: () => stream, ...options }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode, text: answer }), reject);
    });
    sent.once('error', reject);
    void (async () => {
      for await (const piece of body ?? []) if (!sent.write(piece)) await once(sent, 'drain');
      sent.end();
    })();
  });
}

test('100 MB to an HTTP server', async () => {
  const stream = await space.cluster.openPort(pod, 8080);
  const piece = Buffer.alloc(MB, 'x');
  async function* upload() {
    for (let count = 0; count < 100; count += 1) yield piece;
  }
  const began = performance.now();
  const { status } = await request(stream, { method: 'POST', path: '/', headers: { 'Content-Length': 100 * MB } }, upload());
  console.log(`up: ${Math.round(100_000 / (performance.now() - began))} MB/s`);
  expect(status).toBe(200);
  stream.destroy();
});

test('100 MB up and down again over one stream, whole', async () => {
  const stream = await space.cluster.openPort(raw, 7007);
  const [sent, received] = [createHash('sha256'), createHash('sha256')];
  const began = performance.now();
  const writing = (async () => {
    for (let count = 0; count < 100; count += 1) {
      const piece = randomBytes(MB);
      sent.update(piece);
      if (!stream.write(piece)) await once(stream, 'drain');
    }
  })();
  let size = 0;
  for await (const chunk of stream) {
    received.update(chunk);
    size += chunk.length;
    if (size === 100 * MB) break;
  }
  await writing;
  console.log(`up and down at once: ${Math.round(100_000 / (performance.now() - began))} MB/s each way`);
  expect(received.digest('hex')).toBe(sent.digest('hex'));
});

test('a pod that does not read holds the writer back; a reader that does not read holds the pod back', async () => {
  const stream = await space.cluster.openPort(raw, 7007);
  let taken = 0;
  const stop = new AbortController();
  const writing = (async () => {
    for (; taken < 400 * MB; taken += MB) if (!stream.write(Buffer.alloc(MB))) await once(stream, 'drain', { signal: stop.signal });
  })();
  // Nobody reads what comes back, so at last nothing can be written either.
  const settled = async () => {
    const before = taken;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return taken - before;
  };
  await expect.poll(settled, { timeout: 30_000 }).toBe(0);
  // The kernels of all hops may hold some 100 MB; we hold next to nothing.
  expect(taken).toBeLessThan(400 * MB);
  expect(stream.writableLength).toBeLessThan(3 * MB);
  expect(stream.readableLength).toBeLessThan(3 * MB);
  stop.abort();
  await expect(writing).rejects.toThrow();
  stream.destroy();
});

test('50 streams at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const stream = await space.cluster.openPort(pod, 8080);
      const answer = await request(stream, { path: `/${index}?delay=200ms`, headers: { 'x-big': String(index).repeat(50_000) } });
      stream.destroy();
      return [answer.status, JSON.parse(answer.text).path];
    }),
  );
  expect(answers).toEqual(Array.from({ length: 50 }, (_, index) => [200, `/${index}?delay=200ms`]));
});

test('the pod closes: the stream ends', async () => {
  const stream = await space.cluster.openPort(pod, 8080);
  stream.end('GET / HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n');
  expect(await text(stream)).toContain('"path":"/"');
  await expect.poll(() => stream.destroyed, { timeout: 5_000 }).toBe(true);
});

test('a port on which nothing listens', async () => {
  const stream = await space.cluster.openPort(pod, 9);
  stream.resume();
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({
    reason: 'ConnectionRefused',
    exit: 'cluster',
    next: ['Check that a program in the pod listens on port 9.'],
  });
});

test('a pod that is not there, one that does not run yet, and one that has ended', async () => {
  const { cluster, name: namespace } = space;
  await expect(cluster.openPort({ namespace, name: 'nobody' }, 80)).rejects.toMatchObject({ reason: 'NotFound', status: 404 });
  const container = { name: 'c', image: echoImage(), imagePullPolicy: 'IfNotPresent' };
  await space.make({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'waits' },
    spec: { nodeSelector: { no: 'node' }, containers: [container] },
  });
  const fail = async (name: string) => {
    const stream = await cluster.openPort({ namespace, name }, 80);
    stream.resume();
    throw (await once(stream, 'error'))[0];
  };
  const waits = await fail('waits').catch((error) => error);
  expect(waits).toMatchObject({
    reason: 'PodNotRunning',
    exit: 'cluster',
    next: [`See how the pod is: kubectl describe pod -n ${namespace} waits`],
  });
  const ends = { ...container, image: baseImage(), command: ['true'] };
  await space.make({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ends' }, spec: { restartPolicy: 'Never', containers: [ends] } });
  const phase = async () =>
    ((await cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace, name: 'ends' }))?.status as { phase?: string })?.phase;
  await expect.poll(phase, { timeout: 30_000, interval: 300 }).toBe('Succeeded');
  const ended = await fail('ends').catch((error) => error);
  expect(ended).toMatchObject({ reason: 'PodNotRunning', exit: 'cluster' });
});

test('the pod is deleted while a stream is open', async () => {
  const other = await startEcho(space, 'leaves');
  const stream = await space.cluster.openPort(other, 8080);
  const closed = once(stream, 'close');
  stream.on('error', () => {});
  stream.resume();
  await space.remove({ apiVersion: 'v1', kind: 'Pod', ...other });
  await closed;
  expect(stream.destroyed).toBe(true);
});

test('an idle stream lives on by its pings', async () => {
  const stream = await space.cluster.openPort(pod, 8080);
  await new Promise((resolve) => setTimeout(resolve, 35_000));
  expect(stream.destroyed).toBe(false);
  expect((await request(stream, { path: '/still' })).status).toBe(200);
  stream.destroy();
});
