import type { MeshAdapter } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { type ConformanceOptions, prepareConformance } from './run/index.js';
import { runOn } from './run/run-conformance.js';

/**
 * The kit as tests of vitest, one for each case; what is skipped says why. Needs `await`, since cases are read from files:
 * `await describeConformance(adapter, { packageDir: new URL('..', import.meta.url) })`.
 */
export async function describeConformance(adapter: MeshAdapter, options: ConformanceOptions): Promise<void> {
  for (const { stage, cases, results } of await prepareConformance(adapter, options)) {
    describe(`${adapter.title}, ${stage.title}`, () => {
      for (const { id, title, level, outcome, failures, feature, reason } of results) {
        test(`${level} ${id}: ${title}`, (context) => {
          context.skip(outcome === 'skip', feature ?? reason);
          expect(failures.join('\n')).toBe('');
        });
      }
      for (const one of cases) {
        test(`${one.level} ${one.id}: ${one.title}`, async (context) => {
          const { outcome, failures, feature, reason } = await runOn(stage, adapter, one, options);
          context.skip(outcome === 'skip', feature === undefined ? reason : `needs ${feature}`);
          expect(failures.join('\n')).toBe('');
        });
      }
    });
  }
}
