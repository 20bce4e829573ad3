import type { MeshAdapter, MeshEnvironment } from '@heddle/core';
import type { Case } from './case.js';
import type { CaseClusterFactory } from './case-cluster.js';
import type { CaseRun, Failures } from './case-run.js';
import { runApply, runChange } from './change-step.js';
import { runClean, runCrash, runLease } from './clean-steps.js';
import { runDetect } from './detect-step.js';
import { editObjects } from './edit-objects.js';
import { runEditOwn, runForeign } from './foreign-step.js';
import { runMutate } from './mutate-step.js';
import { createObjectCluster } from './object-cluster.js';
import { runForeignEdit, runOverlap, runUnchanged, runValues } from './object-steps.js';
import { watchPurity } from './pure-adapter.js';
import { runAdopt, runRender } from './render-step.js';
import { runRequests } from './request-step.js';
import { runShadow } from './shadow-step.js';
import { kindsOf, snapshot } from './snapshot.js';
import type { Step } from './step.js';
import { runUndeclared } from './undeclared-step.js';

/** Runs the steps of a case one after the other, up to the first that fails: later ones build on it. */
export async function runSteps(
  given: MeshAdapter,
  test: Case,
  env: MeshEnvironment,
  cluster: CaseClusterFactory | undefined,
): Promise<Failures> {
  const { adapter, impure } = watchPurity(given);
  const kinds = kindsOf(test.objects, adapter);
  const live = test.features.includes('cluster') ? cluster?.(test.objects) : undefined;
  const own = createObjectCluster(test.objects);
  const run: CaseRun = {
    test,
    adapter,
    env,
    kinds,
    ...(live === undefined ? {} : { live }),
    ...(cluster === undefined ? {} : { fresh: cluster }),
    connect: (client) => live?.cluster(client) ?? own,
    marks: new Map(),
    plans: new Map(),
    written: new Map(),
  };
  run.marks.set('start', await snapshot(run.connect('runner'), kinds));
  for (const [index, step] of test.steps.entries()) {
    const failures = await attempt(run, step);
    if (failures.length > 0) return [...failures.map((failure) => `step ${index + 1} (${step.do}): ${failure}`), ...impure];
    if (step.mark !== undefined) run.marks.set(step.mark, await snapshot(run.connect('runner'), kinds));
  }
  return [...impure];
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
    case 'mutate':
      return runMutate(run, step);
    case 'foreign':
      return runForeign(run, step);
    case 'editOwn':
      return runEditOwn(run, step);
    case 'shadow':
      return runShadow(run, step);
    case 'detect':
      return runDetect(run);
    case 'undeclared':
      return runUndeclared(run, step);
    case 'render':
      return runRender(run, step);
    case 'adopt':
      return runAdopt(run);
    case 'overlap':
      return runOverlap(step);
  }
}
