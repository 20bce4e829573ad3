import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDeadline, orAbort } from './deadline.js';

const never = () => new AbortController().signal;

test('passes after its time, not before', async () => {
  const deadline = createDeadline(60, never());
  deadline.start();
  await pause(20);
  expect(deadline.passed()).toBe(false);
  await pause(80);
  expect(deadline.passed()).toBe(true);
  expect(deadline.signal.aborted).toBe(true);
});

test('stands still while it is stopped, and goes on with what was left', async () => {
  const deadline = createDeadline(600, never());
  deadline.start();
  await pause(300);
  deadline.stop();
  await pause(400);
  expect(deadline.passed()).toBe(false);
  deadline.start();
  // The 300 ms that are left; were it all of them again, this would be too early.
  await pause(450);
  expect(deadline.passed()).toBe(true);
});

test('an abort from outside is no passing of time', () => {
  const outer = new AbortController();
  const deadline = createDeadline(1_000, outer.signal);
  deadline.start();
  outer.abort();
  expect(deadline.signal.aborted).toBe(true);
  expect(deadline.passed()).toBe(false);
  deadline.stop();
});

test('work or abort, whichever comes first', async () => {
  expect(await orAbort(Promise.resolve(7), never())).toBe(7);
  const stop = new AbortController();
  const waiting = orAbort(pause(5_000, undefined, { ref: false }), stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(orAbort(Promise.resolve(7), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
