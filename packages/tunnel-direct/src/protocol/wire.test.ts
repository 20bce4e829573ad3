import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { socketPair } from '../in-process/socket-pair.js';
import { FRAME } from './frame.js';
import { Heartbeat } from './heartbeat.js';
import { join } from './join.js';
import { Wire } from './wire.js';
import { WireConnection } from './wire-connection.js';

function wires() {
  const [a, b] = socketPair();
  return { laptop: new Wire(a, { closesLast: false }), agent: new Wire(b, { closesLast: true }) };
}

afterEach(() => {
  vi.useRealTimers();
});

test('what comes while nobody listens waits for whoever does, in order', async () => {
  const { laptop, agent } = wires();
  agent.send(FRAME.welcome, { session: 'a' });
  agent.send(FRAME.open, { port: 8080 });
  agent.sendData([Buffer.from('first words')], () => {});
  agent.send(FRAME.end);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await laptop.next()).type).toBe(FRAME.welcome);
  expect(String((await laptop.next()).payload)).toBe('{"port":8080}');
  expect(await text(new WireConnection(laptop, () => {}))).toBe('first words');
});

test('a wire that closes fails who waits, at once or later', async () => {
  const { laptop, agent } = wires();
  const waiting = laptop.next();
  agent.destroy();
  await expect(waiting).rejects.toThrow();
  await expect(laptop.next()).rejects.toThrow();
  expect(laptop.closed).toBe(true);
});

test('what was sent before a close arrives', async () => {
  const { laptop, agent } = wires();
  agent.send(FRAME.denied, { why: 'auth', message: 'no' });
  agent.close();
  expect((await laptop.next()).type).toBe(FRAME.denied);
});

test('destroying one end of a connection resets the other, and ends the wire', async () => {
  const { laptop, agent } = wires();
  const here = new WireConnection(laptop, () => {});
  const there = new WireConnection(agent, () => {});
  here.on('error', () => {});
  const failed = once(there, 'error');
  here.destroy();
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => laptop.closed && agent.closed).toBe(true);
});

test('a connection that both sides have ended leaves the wire to the next', async () => {
  const { laptop, agent } = wires();
  for (const words of ['one', 'two', 'three']) {
    const free = Promise.all(
      [laptop, agent].map(
        (wire) =>
          new Promise<void>((resolve) => {
            const connection = new WireConnection(wire, resolve);
            connection.end(words);
            void text(connection).then((heard) => expect(heard).toBe(words));
          }),
      ),
    );
    await free;
  }
  expect(laptop.closed || agent.closed).toBe(false);
});

test('two connections that are joined: one that breaks resets the other, one that has ended does not', async () => {
  const [caller, ours] = socketPair();
  const [app, theirs] = socketPair();
  join(ours, theirs);
  app.end('the whole answer');
  expect(await text(caller.resume())).toBe('the whole answer');
  const failed = once(app, 'error');
  app.resume();
  caller.destroy();
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
});

test('silence is nine seconds without a byte; a machine that slept starts anew', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  let pings = 0;
  const silences: Error[] = [];
  const heartbeat = new Heartbeat(
    () => {
      pings += 1;
    },
    (error) => silences.push(error),
  );
  await vi.advanceTimersByTimeAsync(8_000);
  heartbeat.heard();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(silences).toEqual([]);
  expect(pings).toBe(5);
  // The clock jumps by a minute between two ticks.
  vi.setSystemTime(Date.now());
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValueOnce(now + 60_000);
  await vi.advanceTimersByTimeAsync(500);
  expect(silences).toEqual([]);
  vi.restoreAllMocks();
  heartbeat.heard();
  await vi.advanceTimersByTimeAsync(9_600);
  expect(silences).toMatchObject([{ code: 'ETIMEDOUT' }]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(silences).toHaveLength(1);
});
