import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Freezable } from '@heddle/conformance';
import { expect, test } from 'vitest';
import { tunnel as provider } from '../src/index.js';
import { join } from '../src/join.js';
import { echo, listen } from './loopback.js';
import { silent, startPod } from './pod.js';

const PORTS = [{ name: 'http', port: 8080 }];

// What keeps this process running, without what was there before.
function handles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Immediate/.test(name));
}

test('dispose ends everything, more than once, and leaves no handle', async () => {
  await using app = await echo();
  const before = handles();
  const pod = await startPod({ ports: PORTS, permitOpen: [{ host: app.host, port: app.port }] });
  const tunnel = await pod.connect([{ port: 8080, to: app.to }]);
  const caller = await pod.process.connect(8080);
  caller.on('error', () => {});
  caller.write('x');
  await once(caller, 'data');
  const out = await tunnel.open?.(app.host, app.port);
  const outClosed = new Promise((resolve) => out?.once('close', resolve));
  expect(handles().length).toBeGreaterThan(before.length);

  await Promise.all([tunnel[Symbol.asyncDispose](), tunnel[Symbol.asyncDispose]()]);
  await tunnel[Symbol.asyncDispose]();
  expect(await tunnel.closed).toEqual({ why: 'disposed', retry: false });
  await outClosed;
  expect(pod.process.ready()).toBe(false);
  await expect(pod.process.connect(8080)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await pod[Symbol.asyncDispose]();
  await expect.poll(() => handles().length).toBe(before.length);
});

test('dispose does not wait for a peer that does not answer', async () => {
  await using pod = await startPod({ ports: PORTS });
  const frozen: Freezable[] = [];
  const dial = async (port: number) => {
    const stream = new Freezable(await pod.process.connect(port));
    frozen.push(stream);
    return stream;
  };
  const forwards = [{ port: 8080, to: () => ({ host: '127.0.0.1', port: 1 }) }];
  const tunnel = await provider.connect(dial, pod.agent, forwards, { signal: new AbortController().signal, log: silent });
  frozen[0]?.freeze();
  await tunnel[Symbol.asyncDispose]();
  expect(await tunnel.closed).toEqual({ why: 'disposed', retry: false });
});

test('a real socket below is closed too', async () => {
  await using pod = await startPod({ ports: PORTS });
  await using gate = await listen(
    createServer({ allowHalfOpen: true }, async (socket) => join(socket, await pod.process.connect(pod.agent.port))),
  );
  const socket = connect(gate.port, gate.host);
  await once(socket, 'connect');
  const forwards = [{ port: 8080, to: () => ({ host: '127.0.0.1', port: 1 }) }];
  const tunnel = await provider.connect(async () => socket, pod.agent, forwards, { signal: new AbortController().signal, log: silent });
  await tunnel[Symbol.asyncDispose]();
  expect(socket.destroyed).toBe(true);
  await expect.poll(() => pod.process.ready()).toBe(false);
});
