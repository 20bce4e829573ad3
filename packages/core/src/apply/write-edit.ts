import type { Cluster, WriteOptions } from '../contracts/cluster.js';
import { clusterReason } from '../errors/cluster-error.js';
import { UserError } from '../errors/user-error.js';
import type { ObjectEdit } from '../model/change.js';
import { describeRef, isRecord, type KubeObject } from '../model/object.js';

/** Carries out one edit by compare-and-swap. `undefined` for a deletion. Throws `UserError` for what a webhook or a schema refuses. */
export async function writeEdit(cluster: Cluster, edit: ObjectEdit, options: WriteOptions = {}): Promise<KubeObject | undefined> {
  try {
    if (edit.op === 'create') return await cluster.create(edit.body, options);
    if (edit.op === 'replace') return await cluster.replace(atVersion(edit), options);
    await cluster.delete(edit.ref, { uid: edit.uid, resourceVersion: edit.resourceVersion }, options);
    return undefined;
  } catch (error) {
    throw explained(edit, error);
  }
}

/** Whether a write failed because the object is not the one that was planned with. */
export function isOvertaken(edit: ObjectEdit, error: unknown): boolean {
  const reason = clusterReason(error);
  if (edit.op === 'create') return reason === 'AlreadyExists';
  return reason === 'Conflict' || reason === 'NotFound';
}

/** Whether a server-side dry run failed only because something on the way does not know dry runs. */
export function cannotRehearse(error: unknown): boolean {
  return error instanceof Error && /dry.?run/i.test(error.message) && clusterReason(error) === 'BadRequest';
}

function atVersion({ body, uid, resourceVersion }: Extract<ObjectEdit, { op: 'replace' }>): KubeObject {
  return { ...body, metadata: { ...(isRecord(body.metadata) ? body.metadata : {}), uid, resourceVersion } };
}

function explained(edit: ObjectEdit, error: unknown): unknown {
  if (!(error instanceof Error) || isOvertaken(edit, error) || cannotRehearse(error)) return error;
  const name = describeRef(edit.ref);
  const refused = /admission webhook "([^"]*)" denied the request:?\s*(.*)/s.exec(error.message);
  if (refused !== null) {
    return new UserError({
      code: 'webhook-refused',
      exit: 'refused',
      message: `${name} was refused by webhook ${refused[1]}: ${oneLine(refused[2] ?? '')}`,
      cause: error,
    });
  }
  const unreachable = /failed calling webhook "([^"]*)"/.exec(error.message);
  if (unreachable !== null) {
    return new UserError({
      code: 'webhook-unreachable',
      exit: 'cluster',
      message: `${name} could not be written, since webhook ${unreachable[1]} does not answer: ${oneLine(error.message)}`,
      next: ['See whether the control plane of the mesh is running', 'Try again'],
      cause: error,
    });
  }
  if (clusterReason(error) !== 'Invalid') return error;
  return new UserError({
    code: 'object-refused',
    exit: 'refused',
    message: `The cluster does not take ${name}: ${oneLine(error.message)}`,
    cause: error,
  });
}

/** Webhooks list their complaints on lines of their own. */
const oneLine = (text: string) => text.trim().replace(/\s+/g, ' ');
