import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Freezable } from '@heddle/conformance';
import { expect, test } from 'vitest';
import { tunnel as provider } from '../src/index.js';
import { front, listen } from './loopback.js';
import { silent, startPod } from './pod.js';

const PORTS = [{ name: 'http', port: 8080 }];
const MiB = 1024 * 1024;

test('100 MB up, with the right checksum', async () => {
  await using app = await listen(
    createServer(async (incoming, response) => {
      const hash = createHash('sha256');
      for await (const chunk of incoming) hash.update(chunk);
      response.end(hash.digest('hex'));
    }),
  );
  await using pod = await startPod({ ports: PORTS });
  await using tunnel = await pod.connect([{ port: 8080, to: app.to }]);
  await using way = await front(pod, 8080);
  const block = randomBytes(MiB + 1);
  const hash = createHash('sha256');
  const upload = request({ host: way.host, port: way.port, method: 'PUT', agent: false });
  const answered = once(upload, 'response');
  Readable.from(
    (function* () {
      for (let sent = 0; sent < 100; sent += 1) {
        hash.update(block);
        yield block;
      }
    })(),
  ).pipe(upload);
  const [response] = await answered;
  expect(await text(response)).toBe(hash.digest('hex'));
  expect(tunnel.stats()[0]?.bytesIn).toBeGreaterThan(100 * MiB);
}, 60_000);

test('a wire that takes nothing more holds every app back', async () => {
  await using app = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      const fill = () => {
        while (socket.write(Buffer.alloc(64 * 1024)));
      };
      socket.on('drain', fill);
      socket.once('data', fill);
    }),
  );
  await using pod = await startPod({ ports: PORTS });
  const wires: Freezable[] = [];
  const dial = async (port: number) => {
    const wire = new Freezable(await pod.process.connect(port));
    wires.push(wire);
    return wire;
  };
  const options = { signal: new AbortController().signal, log: silent };
  await using tunnel = await provider.connect(dial, pod.agent, [{ port: 8080, to: app.to }], options);
  const callers = await Promise.all(Array.from({ length: 16 }, () => pod.process.connect(8080)));
  await expect.poll(() => tunnel.stats()[0]?.open).toBe(16);
  for (const caller of callers) {
    caller.on('error', () => {});
    caller.write('go');
  }
  await expect.poll(() => tunnel.stats()[0]?.bytesOut).toBeGreaterThan(0);
  wires[0]?.freeze();
  const start = tunnel.stats()[0]?.bytesOut ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 500));
  // sshd's windows alone would let 2 MiB through for each.
  expect((tunnel.stats()[0]?.bytesOut ?? 0) - start).toBeLessThan(6 * MiB);
});
