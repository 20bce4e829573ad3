import { adapter } from '@heddle/adapter-istio';
import type { GoldenResult } from '@heddle/conformance';
import { beforeAll, describe, expect, test } from 'vitest';
import { caseFile } from '../../scripts/record/case-file.js';
import { KINDS } from '../../scripts/record/generate/kinds.js';
import { ourAnswers } from '../../scripts/record/our-answers.js';

const SEEDS = [1, 2, 2026];
const COUNT = 40;

const grid = Object.entries(KINDS).flatMap(([kind, generate]) => SEEDS.map((seed) => ({ kind, generate, seed })));

describe.each(grid)('generated cases of seed $seed, $kind', ({ generate, seed }) => {
  const cases = Array.from({ length: COUNT }, (_, number) => generate(seed, number));
  let results: readonly GoldenResult[] = [];
  beforeAll(() => {
    results = cases.flatMap((one) => ourAnswers(one, adapter, { served: {}, settings: {} }));
  });

  test('a number is the same case each time, and different numbers are different cases', () => {
    expect(generate(seed, 17)).toEqual(cases[17]);
    expect(new Set(cases.map((one) => caseFile({ ...one, id: '', title: '' }))).size).toBe(COUNT);
  });

  test('no request crashes decode or evaluate; probabilities sum to 1, or there are no outcomes', () => {
    expect(results).toHaveLength(cases.reduce((sum, { requests }) => sum + requests.length, 0));
    for (const result of results) {
      if (result.result === 'skipped') continue;
      const { outcomes, trace, status } = result.answer;
      const total = outcomes.reduce((sum, { probability }) => sum + probability, 0);
      const where = `${result.id} request ${result.request} ${result.url}`;
      expect(outcomes.length === 0 ? 1 : total, where).toBeCloseTo(1, 9);
      expect(outcomes.length > 0 || status !== undefined || trace.length > 0, where).toBe(true);
    }
  });

  test('some requests reach rules, some none, and some fail', () => {
    const answers = results.flatMap((result) => (result.result === 'skipped' ? [] : [result.answer]));
    const share = (of: (answer: (typeof answers)[number]) => boolean) => answers.filter(of).length / answers.length;
    expect(share(({ decidedBy }) => decidedBy !== undefined)).toBeGreaterThan(0.2);
    expect(share(({ status }) => status === 200)).toBeGreaterThan(0.15);
    expect(share(({ status }) => status === 404)).toBeGreaterThan(0.02);
    expect(share(({ status }) => status === 503)).toBeGreaterThan(0.02);
  });
});
