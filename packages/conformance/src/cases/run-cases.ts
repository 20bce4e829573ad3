import type { MeshAdapter, MeshEnvironment } from '@heddle/core';
import type { Case, CaseReport, CaseResult } from './case.js';
import type { CaseClusterFactory } from './case-cluster.js';
import { isTakenForGranted, missingFeature } from './missing-feature.js';
import { runSteps } from './run-steps.js';

export interface RunOptions {
  /** The mesh's environment where a case says nothing: versions, settings, served API versions. */
  readonly env: MeshEnvironment;
  /** For cases with the feature `cluster`; they are skipped without it. */
  readonly cluster?: CaseClusterFactory;
}

/** Runs cases one after the other. Never throws for what the adapter does: that is a failure of its case. */
export async function runCases(adapter: MeshAdapter, cases: readonly Case[], options: RunOptions): Promise<CaseReport> {
  const results: CaseResult[] = [];
  for (const test of cases) results.push(await runCase(adapter, test, options));
  return { adapter: { id: adapter.id, title: adapter.title }, results };
}

export async function runCase(adapter: MeshAdapter, test: Case, options: RunOptions): Promise<CaseResult> {
  const { id, number, level, title } = test;
  const head = { id, ...(number === undefined ? {} : { number }), level, title };
  try {
    return { ...head, ...(await outcomeOf(adapter, test, options)) };
  } catch (error) {
    return { ...head, outcome: 'fail', failures: [error instanceof Error ? `${error.name}: ${error.message}` : String(error)] };
  }
}

type Outcome = Pick<CaseResult, 'outcome' | 'feature' | 'reason' | 'failures'>;

async function outcomeOf(adapter: MeshAdapter, test: Case, { env: usual, cluster }: RunOptions): Promise<Outcome> {
  const env: MeshEnvironment = { ...usual, ...test.environment, settings: { ...usual.settings, ...test.environment.settings } };
  const missing = missingFeature(adapter, test, env, cluster !== undefined);
  if (missing !== undefined && test.level === 'core' && isTakenForGranted(missing))
    return { outcome: 'fail', failures: [`every adapter must declare ${missing}`] };
  if (missing !== undefined) return { outcome: 'skip', feature: missing, failures: [] };
  if (test.without !== undefined) return { outcome: 'skip', reason: test.without, failures: [] };
  const failures: string[] = [];
  for (const variant of test.everyVersion ? everyVersion(adapter, env) : [env])
    failures.push(...(await runSteps(adapter, test, variant, cluster)));
  return { outcome: failures.length === 0 ? 'pass' : 'fail', failures };
}

/** The environment with each kind that is written served in each of its versions, oldest last. */
function everyVersion(adapter: MeshAdapter, env: MeshEnvironment): readonly MeshEnvironment[] {
  const written = adapter.kinds.filter(({ kind, verbs }) => verbs.includes('update') && env.served[kind] !== undefined);
  const most = Math.max(1, ...written.map(({ versions }) => versions.length));
  return Array.from({ length: most }, (_, index) => {
    const served = written.map(({ group, kind, versions }) => [kind, `${group}/${versions[index] ?? versions.at(-1)}`]);
    return { ...env, served: { ...env.served, ...Object.fromEntries(served) } };
  });
}
