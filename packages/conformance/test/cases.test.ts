import { adapter } from '@heddle/adapter-istio';
import { describe, expect, it } from 'vitest';
import { loadCases, runCase } from '../src/index.js';
import { istioCases, options } from './support.js';

const cases = await loadCases(istioCases);

/** The numbers that this adapter must pass. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 19, 24, 25, 29, 30, 31, 32, 33, 46, 47, 48, 49, 50, 51, 52];

describe('numbered cases for Istio', () => {
  it('are all there, each file once', () => {
    expect([...new Set(cases.map(({ number }) => number))].sort((a, b) => a - b)).toEqual(NUMBERS);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each(cases.map((one) => [one.id, one.title, one] as const))('%s: %s', async (_id, _title, one) => {
    const result = await runCase(adapter, one, options);
    expect(result.failures.join('\n')).toBe('');
    expect(result.outcome).toBe('pass');
  });
});
