import { UserError } from '../errors/user-error.js';
import type { ObjectEdit, Refusal } from '../model/change.js';
import { describeRef, isRecord, type KubeObject, type ObjectRef } from '../model/object.js';
import type { LostField } from './lost-fields.js';

/** A plan that was made anew and says no: what is in the cluster now does not allow the change. */
export function planRefused(refused: readonly Refusal[]): UserError {
  const [first] = refused;
  return new UserError({
    code: first?.code ?? 'plan-refused',
    exit: 'refused',
    message: refused.map(({ message }) => message).join('; '),
    next: refused.flatMap(({ instead }) => instead ?? []),
  });
}

/** What a write would lose, or has lost. */
export function fieldsLost(edit: ObjectEdit, lost: readonly LostField[], tense: 'would' | 'did'): UserError {
  const list = lost.map(
    ({ pointer, sent, kept }) =>
      `${pointer} (${JSON.stringify(sent)}${kept === undefined ? ' removed' : ` became ${JSON.stringify(kept)}`})`,
  );
  return new UserError({
    code: 'fields-lost',
    exit: 'refused',
    message: `${describeRef(edit.ref)} ${tense === 'would' ? 'would lose' : 'lost'} fields when written, removed by its schema or a webhook: ${list.join(', ')}`,
    next: [
      tense === 'would'
        ? 'Nothing was changed; the cluster may serve an older version of this kind than the object was written for'
        : 'Compare the object with what it should be; heddle clean removes the rules again',
    ],
  });
}

/** The object changed each time before it could be written: says who did it last. */
export function keepsChanging(ref: ObjectRef, live: KubeObject | undefined, rounds: number): UserError {
  const who = lastManager(live);
  const name = describeRef(ref);
  const last = live === undefined ? 'it is gone now' : who === undefined ? 'the cluster does not say by whom' : `last by ${who}`;
  return new UserError({
    code: 'object-contended',
    exit: 'cluster',
    message: `${name} kept changing while it was to be written, ${rounds} times: ${last}`,
    next: [`Find out why ${who === undefined ? 'it changes' : 'that writer changes it'} so often, then try again`],
  });
}

/** `"argocd-controller" at 2026-01-01T00:00:00Z (Update)`, from managedFields. */
export function lastManager(live: KubeObject | undefined): string | undefined {
  const meta = isRecord(live?.metadata) ? live.metadata : {};
  const entries = (Array.isArray(meta.managedFields) ? meta.managedFields : []).filter(isRecord);
  const named = entries.filter((entry) => typeof entry.manager === 'string');
  const timeOf = (entry: Record<string, unknown>) => (typeof entry.time === 'string' ? entry.time : '');
  const [last] = named.toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  if (last === undefined) return undefined;
  const when = timeOf(last) === '' ? '' : ` at ${timeOf(last)}`;
  return `"${last.manager}"${when}${typeof last.operation === 'string' ? ` (${last.operation})` : ''}`;
}

/** The mesh itself says, in the object's conditions, that it does not take what was written. */
export function meshRejected(ref: ObjectRef, message: string | undefined): UserError {
  return new UserError({
    code: 'mesh-rejected',
    exit: 'refused',
    message: `The mesh does not accept ${describeRef(ref)} as written: ${message ?? 'it gives no reason'}`,
  });
}
