import type { MeshAdapter } from '@heddle/core';
import type { Case, CaseResult } from '../cases/case.js';
import type { CaseClusterFactory } from '../cases/case-cluster.js';
import { faultClusters } from '../cases/fault-cluster.js';
import { runCase } from '../cases/run-cases.js';
import { buildReport } from '../report/build-report.js';
import type { ConformanceReport } from '../report/report.js';
import type { Stage } from '../stage/stage.js';
import { type Choice, prepareConformance } from './prepare.js';

export interface ConformanceOptions extends Choice {
  /** Another live cluster than the kit's own for cases with conflicts, rights and crashes, the sandbox's for one. */
  readonly cluster?: CaseClusterFactory;
  /** Called after each case. */
  onResult?(result: CaseResult, stage: Stage): void;
}

/** Runs the kit against an adapter. Throws usage errors for files of the package that are not in order, never for what the adapter does. */
export async function runConformance(adapter: MeshAdapter, options: ConformanceOptions): Promise<ConformanceReport> {
  const prepared = await prepareConformance(adapter, options);
  const ran: { readonly stage: Stage; readonly results: readonly CaseResult[] }[] = [];
  for (const { stage, cases, results } of prepared) {
    const all: CaseResult[] = [];
    const take = (result: CaseResult) => {
      all.push(result);
      options.onResult?.(result, stage);
    };
    results.forEach(take);
    for (const test of cases) take(await runOn(stage, adapter, test, options));
    ran.push({ stage, results: all });
  }
  return buildReport(adapter, options, ran);
}

export function runOn(stage: Stage, adapter: MeshAdapter, test: Case, options: Pick<ConformanceOptions, 'cluster'>): Promise<CaseResult> {
  return runCase(adapter, test, { env: stage.environment, cluster: options.cluster ?? faultClusters(adapter.kinds) });
}
