import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { socketPair } from './in-process/socket-pair.js';
import { FRAME } from './protocol/frame.js';
import { Wire } from './protocol/wire.js';
import { WirePool } from './wire-pool.js';

/** A pool whose dials come true, or fail, when the test says so. */
function pool() {
  const dials: { readonly done: () => Wire; readonly fail: (why: string) => void }[] = [];
  const ports: number[] = [];
  const log: string[] = [];
  const dial = () =>
    new Promise<Wire>((resolve, reject) => {
      dials.push({
        done: () => {
          const [mine, theirs] = socketPair();
          resolve(new Wire(mine, { closesLast: false }));
          return new Wire(theirs as Duplex, { closesLast: true });
        },
        fail: (why) => reject(new Error(why)),
      });
    });
  const made = new WirePool(
    dial,
    (port, connection) => {
      ports.push(port);
      connection.on('error', () => {});
    },
    (message) => log.push(message),
  );
  return { pool: made, dials, ports, log };
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('keeps four streams ready, and replaces the one that is taken', async () => {
  const { pool: ready, dials, ports } = pool();
  ready.need(0);
  expect(dials).toHaveLength(4);
  const agents = dials.map(({ done }) => done());
  await settle();
  expect(dials).toHaveLength(4);
  agents[0]?.send(FRAME.open, { port: 8080 });
  await turn();
  expect(ports).toEqual([8080]);
  expect(dials).toHaveLength(5);
  ready.stop();
});

test('dials for callers that wait, at most 32 at a time', async () => {
  const { pool: ready, dials } = pool();
  ready.need(100);
  expect(dials).toHaveLength(32);
  dials[0]?.done();
  await settle();
  expect(dials).toHaveLength(33);
  ready.need(0);
  for (const { done } of dials) done();
  await settle();
  expect(dials).toHaveLength(33);
  ready.stop();
});

test('a stream that is lost while it waits is replaced', async () => {
  const { pool: ready, dials } = pool();
  ready.need(0);
  const agents = dials.map(({ done }) => done());
  await settle();
  agents[3]?.destroy();
  await turn();
  await turn();
  expect(dials).toHaveLength(5);
  ready.stop();
});

test('failures are told once, and tried again after ever longer pauses', async () => {
  const { pool: ready, dials, log } = pool();
  ready.need(0);
  for (const { fail } of dials.splice(0)) fail('no route');
  await settle();
  expect(log).toEqual(['no stream to the agent for a connection']);
  expect(dials).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(250);
  expect(dials).toHaveLength(4);
  for (const { fail } of dials.splice(0)) fail('no route');
  await vi.advanceTimersByTimeAsync(3_900);
  expect(dials).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1_200);
  expect(dials).toHaveLength(4);
  expect(log).toHaveLength(1);
  ready.stop();
});

test('dials nothing after it was stopped', async () => {
  const { pool: ready, dials } = pool();
  ready.need(0);
  for (const { fail } of dials.splice(0)) fail('no route');
  await settle();
  ready.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dials).toHaveLength(0);
});
