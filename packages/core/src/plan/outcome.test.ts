import { describe, expect, it } from 'vitest';
import type { Outcome } from '../model/answer.js';
import { differingParts, type Result } from './outcome.js';

const result = (outcome: Omit<Outcome, 'probability'>): Result => ({
  answer: { outcomes: [{ probability: 1, ...outcome }], trace: [], notes: [] },
  rule: undefined,
});
const unknown = (host: string, subset?: string) =>
  result({ host, ...(subset === undefined ? {} : { subset }), pods: [], status: 503, reason: 'NC' });
const empty = (host: string) => result({ host, pods: [], status: 503, reason: 'UH' });

describe('two results', () => {
  it('are the same where the mesh knows neither destination, whatever they are called', () => {
    expect(differingParts(unknown('ratings', 'v1'), unknown('ratings'))).toEqual([]);
    expect(differingParts(unknown('ratings'), unknown('reviews'))).toEqual([]);
  });

  it('are not the same where pods may come, or where one is known', () => {
    expect(differingParts(empty('ratings'), empty('reviews'))).toEqual(['distribution']);
    expect(differingParts(unknown('ratings'), empty('ratings'))).toEqual(['distribution']);
  });
});
