import { describe, expect, it } from 'vitest';
import { prepareConformance, runConformance } from '../src/index.js';
import { brokenOf } from './broken/index.js';
import { SUBJECTS } from './support/subjects.js';

/** Adapters that are right, broken in one way each: on every mesh the cases that are meant for it must fail. */
for (const [title, { adapter, packageDir }] of SUBJECTS) {
  const stages = await prepareConformance(adapter, { packageDir });
  for (const { stage } of stages) {
    describe(`the kit notices ${title} (${stage.name}) when it`, () => {
      it.each(brokenOf(adapter, stage.environment).map((one) => [one.title, one] as const))('%s', async (_, { broken, cases, because }) => {
        const { cases: results } = await runConformance(broken(adapter), { packageDir, only: cases, environment: stage.name });
        expect(results.filter(({ outcome }) => outcome !== 'fail').map(({ id, reason }) => `${id} ${reason ?? ''}`)).toEqual([]);
        for (const { failures = [] } of results) expect(failures.join('\n')).toMatch(because);
        expect(results.length).toBeGreaterThanOrEqual(cases.length);
      });
    });
  }
}
