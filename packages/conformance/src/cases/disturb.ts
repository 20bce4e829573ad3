import { type Cluster, ClusterError, isRecord, type KubeObject } from '@heddle/core';
import type { CaseCluster, CaseRequest } from './case-cluster.js';
import type { CaseRun } from './case-run.js';
import type { Disturbance, ObjectChange } from './change-spec.js';
import { editObjects } from './edit-objects.js';
import { runMutate } from './mutate-step.js';

/** Runs work while the cluster misbehaves towards one client. Needs a live cluster where there is anything to do. */
export async function disturbed<T>(
  run: CaseRun,
  client: string,
  during: readonly Disturbance[],
  work: (run: CaseRun) => Promise<T>,
): Promise<T> {
  if (during.length === 0) return work(run);
  const { live } = run;
  if (live === undefined) throw new Error('a case with disturbances needs the feature cluster');
  const removals = during.map((one) => disturb(run, live, client, one));
  const pruned = during.flatMap((one) => ('prune' in one ? [one.prune] : []));
  const connect = (name: string) => (name === client && pruned.length > 0 ? pruning(run.connect(name), pruned) : run.connect(name));
  try {
    return await work({ ...run, connect });
  } finally {
    for (const remove of removals) remove();
  }
}

function disturb(run: CaseRun, live: CaseCluster, client: string, disturbance: Disturbance): () => void {
  if ('prune' in disturbance) return () => {};
  const meant = requestsAt(run, disturbance.at);
  if ('deny' in disturbance) return live.faults.deny((check, who) => who === client && meant(check));
  let left = 'times' in disturbance ? disturbance.times : Number.POSITIVE_INFINITY;
  let count = 0;
  return live.faults.add(async (request, phase) => {
    if (phase !== 'before' || request.client !== client || !meant(request) || request.dryRun === true || left <= 0) return;
    left -= 1;
    count += 1;
    if ('answer' in disturbance) throw new ClusterError(disturbance.answer);
    if ('contended' in disturbance) throw overtaken(request);
    if ('mutate' in disturbance) await runMutate(run, { mutation: disturbance.mutate });
    else await editObjects(run, numbered(disturbance.edit, count));
  });
}

const WRITES = ['create', 'update', 'delete'];

/** `update virtualservices`, or `write`: any write of a kind that the adapter writes. */
function requestsAt(run: CaseRun, at: string): (request: { readonly verb: string; readonly resource: string }) => boolean {
  const [verb = '', resource = ''] = at.split(' ');
  if (at !== 'write') return (request) => request.verb === verb && request.resource === resource;
  const written = run.adapter.kinds.filter(({ verbs }) => verbs.some((one) => WRITES.includes(one))).map(({ plural }) => plural);
  return (request) => WRITES.includes(request.verb) && written.includes(request.resource);
}

function overtaken({ verb, resource }: CaseRequest): ClusterError {
  const reason = verb === 'create' ? 'AlreadyExists' : 'Conflict';
  return new ClusterError({ reason, status: 409, message: `${resource}: somebody else was faster` });
}

/** A server whose schema drops fields whose names begin so. */
function pruning(cluster: Cluster, beginnings: readonly string[]): Cluster {
  const kept = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(kept);
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).filter(([key]) => !beginnings.some((beginning) => key.startsWith(beginning)));
    return Object.fromEntries(entries.map(([key, one]) => [key, kept(one)]));
  };
  return {
    ...cluster,
    create: (object, options) => cluster.create(kept(object) as KubeObject, options),
    replace: (object, options) => cluster.replace(kept(object) as KubeObject, options),
  };
}

/** `$n` is how often it has happened, so that an edit is one each time. */
const numbered = (changes: readonly ObjectChange[], count: number): readonly ObjectChange[] =>
  JSON.parse(JSON.stringify(changes).replaceAll('$n', String(count)));
