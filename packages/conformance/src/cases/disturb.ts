import { ClusterError } from '@heddle/core';
import type { Disturbance, ObjectChange } from './case.js';
import type { CaseCluster } from './case-cluster.js';
import type { CaseRun } from './case-run.js';
import { editObjects } from './edit-objects.js';

/** Runs work while the cluster misbehaves towards one client. Needs a live cluster where there is anything to do. */
export async function disturbed<T>(run: CaseRun, client: string, during: readonly Disturbance[], work: () => Promise<T>): Promise<T> {
  if (during.length === 0) return work();
  const { live } = run;
  if (live === undefined) throw new Error('a case with disturbances needs the feature cluster');
  const removals = during.map((one) => disturb(run, live, client, one));
  try {
    return await work();
  } finally {
    for (const remove of removals) remove();
  }
}

function disturb(run: CaseRun, live: CaseCluster, client: string, disturbance: Disturbance): () => void {
  const [verb = '', resource = ''] = disturbance.at.split(' ');
  if ('deny' in disturbance) {
    return live.faults.deny((check, who) => who === client && check.verb === verb && check.resource === resource);
  }
  let left = 'edit' in disturbance ? disturbance.times : Number.POSITIVE_INFINITY;
  let count = 0;
  return live.faults.add(async (request, phase) => {
    const meant = phase === 'before' && request.client === client && request.verb === verb && request.resource === resource;
    if (!meant || request.dryRun === true || left <= 0) return;
    left -= 1;
    count += 1;
    if ('answer' in disturbance) throw new ClusterError(disturbance.answer);
    await editObjects(run, numbered(disturbance.edit, count));
  });
}

/** `$n` is how often it has happened, so that an edit is one each time. */
const numbered = (changes: readonly ObjectChange[], count: number): readonly ObjectChange[] =>
  JSON.parse(JSON.stringify(changes).replaceAll('$n', String(count)));
