import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { FRAME } from '../src/protocol/frame.js';
import { newToken } from '../src/protocol/handshake.js';
import { parseMessage } from '../src/protocol/messages.js';
import { greetWith, nowhere, startPod } from './pod.js';

const control = { role: 'control', listen: [8080] } as const;
const deniedFor = ({ type, payload }: { type: number; payload: Buffer }) =>
  type === FRAME.denied ? parseMessage('denied', payload).why : `type ${type}`;

afterEach(() => {
  vi.useRealTimers();
});

test('denies whoever does not know the token, and goes on', async () => {
  await using pod = await startPod();
  for (const role of ['control', 'carry', 'out'] as const) {
    expect(deniedFor(await greetWith(await pod.wire(), newToken(), { ...control, role }))).toBe('auth');
  }
  expect(pod.process.ready()).toBe(false);
  await using _ = await pod.connect([{ port: 8080, to: nowhere }]);
  expect(pod.process.ready()).toBe(true);
});

test('speaks its own version of the protocol only', async () => {
  await using pod = await startPod();
  expect(deniedFor(await greetWith(await pod.wire(), pod.token, { ...control, version: 2 }))).toBe('version');
});

test('greetings that make no sense are denied, and the next one is heard', async () => {
  await using pod = await startPod();
  const odd = { role: 'control', listen: 'everything' } as unknown as typeof control;
  const wire = await pod.wire();
  const { session } = parseMessage('welcome', (await greetWith(wire, pod.token, odd)).payload);
  const unknown = { role: 'guest', session } as unknown as { readonly role: 'carry'; readonly session: string };
  expect(deniedFor(await greetWith(await pod.wire(), pod.token, unknown))).toBe('protocol');
  const early = await pod.wire();
  early.send(FRAME.proof, { proof: 'x' });
  expect(deniedFor(await early.next())).toBe('protocol');
  await using _ = await pod.connect([{ port: 8080, to: nowhere }]);
  expect(pod.process.ready()).toBe(true);
});

test('says nothing to who does not greet, and lets it go after ten seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using pod = await startPod();
  const stranger = await pod.process.connect(pod.agent.port);
  const said: unknown[] = [];
  stranger.on('data', (data) => said.push(data));
  let gone = false;
  stranger.on('error', () => {
    gone = true;
  });
  await vi.advanceTimersByTimeAsync(9_900);
  expect(gone).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(gone).toBe(true);
  expect(said).toEqual([]);
});

test('a wire of a session that is over gets no connection', async () => {
  await using pod = await startPod();
  const first = await pod.wire();
  const { session } = parseMessage('welcome', (await greetWith(first, pod.token, control)).payload);
  const second = await pod.wire();
  const welcome = parseMessage('welcome', (await greetWith(second, pod.token, control)).payload);
  expect(welcome.session).not.toBe(session);
  await expect(first.next()).rejects.toThrow();
  expect(deniedFor(await greetWith(await pod.wire(), pod.token, { role: 'carry', session }))).toBe('session');
  expect(deniedFor(await greetWith(await pod.wire(), pod.token, { role: 'out', session }))).toBe('session');
});

test('callers wait for a wire, and not for ever; the laptop is told how many', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using pod = await startPod();
  const wire = await pod.wire();
  expect((await greetWith(wire, pod.token, control)).type).toBe(FRAME.welcome);
  const callers = await Promise.all([1, 2, 3].map(() => pod.process.connect(8080)));
  const cut = callers.map((caller) => once(caller, 'data').catch((error) => error.code));
  const { type, payload } = await wire.next();
  expect([type, parseMessage('waiting', payload)]).toEqual([FRAME.waiting, { count: 3 }]);
  await vi.advanceTimersByTimeAsync(30_001);
  expect(await Promise.all(cut)).toEqual(['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
});

test('at most 4,096 callers wait', async () => {
  await using pod = await startPod();
  const wire = await pod.wire();
  await greetWith(wire, pod.token, control);
  const callers = await Promise.all(Array.from({ length: 4097 }, () => pod.process.connect(8080)));
  const last = callers.at(-1);
  if (last === undefined) throw new Error('no caller');
  await expect(once(last, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(callers.filter((caller) => caller.destroyed)).toHaveLength(1);
  for (const caller of callers) caller.on('error', () => {});
});

test('one wire carries one connection after the other', async () => {
  await using pod = await startPod();
  const controlWire = await pod.wire();
  const { session } = parseMessage('welcome', (await greetWith(controlWire, pod.token, control)).payload);
  const wire = await pod.wire();
  const opened = greetWith(wire, pod.token, { role: 'carry', session });
  for (const turn of [1, 2, 3]) {
    const caller = await pod.process.connect(8080);
    const { type, payload } = turn === 1 ? await opened : await wire.next();
    expect([type, parseMessage('open', payload)]).toEqual([FRAME.open, { port: 8080 }]);
    wire.sendData([Buffer.from(`answer ${turn}`)], () => {});
    wire.send(FRAME.end);
    expect(String((await once(caller, 'data'))[0])).toBe(`answer ${turn}`);
    caller.end();
    expect((await wire.next()).type).toBe(FRAME.end);
  }
});

test('what has no place on a wire ends it', async () => {
  await using pod = await startPod();
  const controlWire = await pod.wire();
  const { session } = parseMessage('welcome', (await greetWith(controlWire, pod.token, control)).payload);
  const wire = await pod.wire();
  const next = greetWith(wire, pod.token, { role: 'carry', session });
  wire.sendData([Buffer.from('nobody asked')], () => {});
  await expect(next).rejects.toThrow();
  expect(pod.process.ready()).toBe(true);
});
