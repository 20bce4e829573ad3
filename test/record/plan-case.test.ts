import { adapter } from '@heddle/adapter-istio';
import { isRecord, type MeshEnvironment, metaOf } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateCase } from '../../scripts/record/generate/generate-case.js';
import { randomFrom } from '../../scripts/record/generate/random.js';
import { planCase } from '../../scripts/record/plan/plan-case.js';

const env: MeshEnvironment = { served: {}, settings: {} };
const planned = (seed: number, number: number) => planCase(generateCase(seed, number), adapter, env, randomFrom(seed, number, 1));

describe('a plan on a generated case', () => {
  it('passes both checks or is refused by name, and leaves rules of ours in what is asked', async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 10_000 }), async (number) => {
        const made = await planned(3, number);
        if ('refused' in made) {
          expect(made.refused.filter(({ code }) => code === 'effect-check-failed')).toEqual([]);
          return;
        }
        done += 1;
        const { objects } = made.routingCase;
        const rules = objects.flatMap(({ spec }) => (isRecord(spec) && Array.isArray(spec.http) ? spec.http : []));
        expect(rules.some((rule) => isRecord(rule) && String(rule.name).startsWith('heddle/route/'))).toBe(true);
        expect(objects.every((object) => metaOf(object).uid === undefined)).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(done).toBeGreaterThan(20);
  });

  it('is the same each time', async () => {
    expect(await planned(3, 7)).toEqual(await planned(3, 7));
  });
});
