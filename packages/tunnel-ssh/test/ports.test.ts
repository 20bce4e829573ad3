import { expect, test } from 'vitest';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { request } from 'node:http';
import { startPod } from './pod.js';

test('x', async () => {
  await using pod = await startPod({ ports: [{ name: 'http', port: 8080 }] });
  const server = createServer((_, r) => r.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using t = await pod.connect([{ port: 8080, to: () => ({ host: '127.0.0.1', port }) }], { log: console.log });
  expect(pod.process.ready()).toBe(true);
  const socket = await pod.process.connect(8080);
  const req = request({ createConnection: () => socket as never, path: '/' });
  req.end();
  const [res] = await once(req, 'response');
  let body = '';
  for await (const c of res) body += c;
  expect(body).toBe('hello');
  console.log(t.stats());
  server.close();
});
