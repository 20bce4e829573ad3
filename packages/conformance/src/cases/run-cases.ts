import { isSupported, type MeshAdapter, type MeshEnvironment, requiredFeatures } from '@heddle/core';
import type { Case, CaseReport, CaseResult, Step } from './case.js';
import type { CaseClusterFactory } from './case-cluster.js';
import type { CaseRun, Failures } from './case-run.js';
import { changeOf } from './change-of.js';
import { runApply, runChange } from './change-step.js';
import { runClean, runCrash, runLease } from './clean-steps.js';
import { editObjects } from './edit-objects.js';
import { createObjectCluster } from './object-cluster.js';
import { runForeignEdit, runOverlap, runUnchanged, runValues } from './object-steps.js';
import { runRequests } from './request-step.js';
import { kindsOf, snapshot } from './snapshot.js';

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
  const { id, number, title } = test;
  const env: MeshEnvironment = { ...options.env, ...test.environment, settings: { ...options.env.settings, ...test.environment.settings } };
  const missing = missingFeature(adapter, test, env, options);
  if (missing !== undefined) return { id, number, title, outcome: 'skip', feature: missing, failures: [] };
  const failures = await failuresOf(adapter, test, env, options);
  return { id, number, title, outcome: failures.length === 0 ? 'pass' : 'fail', failures };
}

function missingFeature(adapter: MeshAdapter, test: Case, env: MeshEnvironment, options: RunOptions): string | undefined {
  if (test.mesh !== adapter.id) return `mesh ${test.mesh}`;
  const capabilities = adapter.capabilities(env);
  return neededBy(test).find((feature) => (feature === 'cluster' ? options.cluster === undefined : !isSupported(capabilities, feature)));
}

/** What the case says that it needs, and what its changes need by themselves. */
function neededBy(test: Case): Case['features'] {
  const changes = test.steps.flatMap((step) => (step.do === 'change' && step.refused === undefined ? [changeOf(test, step.change)] : []));
  return [...new Set([...test.features, ...changes.flatMap(requiredFeatures)])];
}

async function failuresOf(adapter: MeshAdapter, test: Case, env: MeshEnvironment, options: RunOptions): Promise<Failures> {
  const kinds = kindsOf(test.objects, adapter);
  const live = test.features.includes('cluster') ? options.cluster?.(test.objects) : undefined;
  const own = createObjectCluster(test.objects);
  const run: CaseRun = {
    test,
    adapter,
    env,
    kinds,
    ...(live === undefined ? {} : { live }),
    ...(options.cluster === undefined ? {} : { fresh: options.cluster }),
    connect: (client) => live?.cluster(client) ?? own,
    marks: new Map(),
    plans: new Map(),
    written: new Map(),
  };
  const failures: string[] = [];
  run.marks.set('start', await snapshot(run.connect('runner'), kinds));
  for (const [index, step] of test.steps.entries()) {
    failures.push(...(await attempt(run, step)).map((failure) => `step ${index + 1} (${step.do}): ${failure}`));
    if (step.mark !== undefined) run.marks.set(step.mark, await snapshot(run.connect('runner'), kinds));
  }
  return failures;
}

async function attempt(run: CaseRun, step: Step): Promise<Failures> {
  try {
    return await runStep(run, step);
  } catch (error) {
    return [error instanceof Error ? `${error.name}: ${error.message}` : String(error)];
  }
}

async function runStep(run: CaseRun, step: Step): Promise<Failures> {
  switch (step.do) {
    case 'change':
      return runChange(run, step);
    case 'apply':
      return runApply(run, step);
    case 'edit':
      await editObjects(run, step.edit);
      return [];
    case 'requests':
      return runRequests(run, step);
    case 'values':
      return runValues(run, step);
    case 'unchanged':
      return runUnchanged(run, step);
    case 'foreignEdit':
      return runForeignEdit(run, step);
    case 'lease':
      return runLease(run, step);
    case 'clean':
      return runClean(run, step);
    case 'crash':
      return runCrash(run, step);
    case 'overlap':
      return runOverlap(step);
  }
}
