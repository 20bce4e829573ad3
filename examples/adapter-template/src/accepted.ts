import { type Acceptance, acceptedDeletion, isRecord, type ObjectEdit } from '@heddle/core';
import { CONTROLLER } from './names.js';
import { type Raw, record, records, text } from './raw.js';

/**
 * What the implementation says of a route in `status.parents`: `Accepted` (it takes part) and `ResolvedRefs` (its backends exist).
 * A status for an earlier generation says nothing yet, and that of another controller nothing at all.
 */
export function accepted(edit: ObjectEdit, live: unknown): Acceptance {
  if (edit.op === 'delete') return acceptedDeletion(edit.uid, live);
  if (!isRecord(live)) return { state: 'rejected', message: 'it is not there any more' };
  const generation = record(live.metadata).generation;
  const conditions = records(record(live.status).parents)
    .filter(({ controllerName }) => controllerName === CONTROLLER)
    .flatMap(({ conditions: list }) => records(list))
    .filter(({ observedGeneration }) => observedGeneration === undefined || observedGeneration === generation);
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  const refused = ['Accepted', 'ResolvedRefs'].map(of).find((condition) => condition?.status === 'False');
  if (refused !== undefined) return { state: 'rejected', message: reason(refused) };
  if (of('Accepted')?.status === 'True') return { state: 'accepted' };
  return { state: 'pending', message: 'no controller has said yet whether it takes the route' };
}

const reason = (condition: Raw) => `${text(condition.type)} is False: ${text(condition.reason)} (${text(condition.message)})`;
