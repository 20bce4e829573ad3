import {
  applyPlan,
  BugError,
  type CleanDeps,
  type CleanReport,
  type Clock,
  type Cluster,
  clean,
  type KubeObject,
  metaOf,
  RECORD_ANNOTATION,
  SESSION_LABEL,
  TIMING,
} from '@heddle/core';
import { type CaseRun, contextOf, differing, type Failures } from './case-run.js';
import { plan } from './change-step.js';
import { disturbed } from './disturb.js';
import { differences, snapshot } from './snapshot.js';
import type { CleanStep, CrashStep, LeaseStep } from './step.js';

const CLEANER = 'cleaner';
const HERE = 'here';
const HOUR = 3_600_000;
const someone = (host: string) => ({ user: 'someone', host, pid: 1, startTime: '1', bootId: host });

export async function runClean(run: CaseRun, step: CleanStep): Promise<Failures> {
  const report = await disturbed(run, CLEANER, step.during, cleanUp);
  const counted = (what: 'removed' | 'left' | 'kept' | 'orphans') => {
    const wanted = step[what];
    return wanted === undefined
      ? []
      : differing(what, wanted, report[what].length).map((failure) => `${failure}: ${JSON.stringify(report[what])}`);
  };
  return [...counted('removed'), ...counted('left'), ...counted('kept'), ...counted('orphans')];
}

function cleanUp(run: CaseRun): Promise<CleanReport> {
  const { adapter, env } = run;
  const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => {} };
  const deps: CleanDeps = {
    cluster: run.connect(CLEANER),
    meshes: [{ adapter, env }],
    clock,
    identity: someone(HERE),
    // An earlier clean-up of the same case was another process, and is over.
    isGone: ({ host }) => (host === HERE ? true : undefined),
    log: () => {},
    timing: { ...TIMING, settleMs: 0, backOffFirstMs: 1, backOffMaxMs: 1 },
  };
  return clean(deps, { namespace: run.test.namespace, dryRun: false, force: false });
}

/** Written as the session's process would have: somewhere else, and renewed just now or long ago. */
export async function runLease(run: CaseRun, { session, alive }: LeaseStep): Promise<Failures> {
  const written = run.written.get(session);
  if (written === undefined) throw new BugError(`session ${session} has written nothing`);
  const { spec, rules } = written;
  const { namespace } = run.test;
  const renewed = new Date(Date.now() - (alive ? 0 : HOUR)).toISOString().replace('Z', '000Z');
  const holder = someone('elsewhere');
  const record = {
    version: 1,
    kind: 'session',
    id: session,
    namespace,
    service: spec.service,
    ports: spec.ports,
    adapter: run.adapter.id,
    views: 'all',
    match: spec.match,
    state: 'active',
    startedBy: holder,
    holder,
    createdAt: renewed,
    objects: [],
    rules,
  };
  const lease: KubeObject = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: `heddle-${session}`,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'heddle', [SESSION_LABEL]: session },
      annotations: { [RECORD_ANNOTATION]: JSON.stringify(record) },
    },
    spec: {
      holderIdentity: 'someone@elsewhere/1/1/elsewhere',
      leaseDurationSeconds: 300,
      acquireTime: renewed,
      renewTime: renewed,
      leaseTransitions: 0,
    },
  };
  await run.connect(session).create(lease);
  return [];
}

/** See `CrashStep`. Each death happens in a fresh copy of the cluster as it is now. */
export async function runCrash(run: CaseRun, step: CrashStep): Promise<Failures> {
  const { fresh } = run;
  if (fresh === undefined) throw new BugError('a crash step needs the feature cluster');
  const here = run.connect('runner');
  const leasesOf = (cluster: Cluster) => cluster.list({ group: 'coordination.k8s.io', kind: 'Lease', namespace: run.test.namespace });
  const [objects, leases] = [await snapshot(here, run.kinds), await leasesOf(here)];
  // The dead session's shadow has no record, so it is cleaned up too.
  const others = objects.filter((object) => metaOf(object).labels[SESSION_LABEL] !== step.change.session);
  const failures: string[] = [];
  let points = 0;
  for (const phase of ['before', 'after'] as const) {
    for (let k = 1; ; k += 1) {
      const live = fresh([...objects, ...leases]);
      const copy: CaseRun = { ...run, live, connect: (client) => live.cluster(client) };
      const died = await dies(copy, step, live, k, phase);
      if (!died) break;
      points += 1;
      for (const time of ['first', 'second']) {
        await cleanUp(copy);
        const now = live.cluster('runner');
        const left = [...differences(others, await snapshot(now, run.kinds)), ...differences(leases, await leasesOf(now))];
        failures.push(...left.map((difference) => `dead at request ${k} (${phase}), ${time} clean-up: ${difference}`));
      }
    }
  }
  if (points < step.points) failures.push(`died at ${points} points, expected at least ${step.points}`);
  return failures;
}

async function dies(
  run: CaseRun,
  { change }: CrashStep,
  live: NonNullable<CaseRun['live']>,
  k: number,
  phase: 'before' | 'after',
): Promise<boolean> {
  const crash = live.faults.crash(change.session, k, phase);
  const finished = (async () => {
    const planning = await plan(run, change);
    if ('refused' in planning) throw new Error(planning.refused.map(({ message }) => message).join('; '));
    await applyPlan(contextOf(run, change.session), planning.plan, { replan: () => plan(run, change), pause: async () => {} });
    return false;
  })();
  return Promise.race([finished, crash.reached.then(() => true)]);
}
