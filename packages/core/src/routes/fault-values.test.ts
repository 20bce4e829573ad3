import { describe, expect, it } from 'vitest';
import { durationMs, isAbortStatus, isPercent } from './fault-values.js';

describe('durations', () => {
  it.each([
    ['7s', 7_000],
    ['500ms', 500],
    ['1m', 60_000],
    ['1.5s', 1_500],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['0.001s', 1],
  ])('%s', (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each(['', '7', 's', '-7s', '7 s', '7s!', '0s', '0.5ms', '1d', '7S', '1e3s'])('%j is none', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });
});

it('percentages are above 0, up to 100, and no finer than a proxy can draw', () => {
  expect([100, 0.1, 33.3333, 0.0001, 12.3456].map(isPercent)).toEqual([true, true, true, true, true]);
  expect([0, -1, 100.1, 0.00001, Number.NaN].map(isPercent)).toEqual([false, false, false, false, false]);
});

it('the status of an abort is one of HTTP', () => {
  expect([200, 404, 599].every(isAbortStatus)).toBe(true);
  expect([199, 600, 404.5, 0].some(isAbortStatus)).toBe(false);
});
