import { contentHash, groupOf, type OwnedRule, refOf } from '@heddle/core';
import { GATEWAY_API, HTTP_ROUTE, ownedPart } from './names.js';
import { record, records, text } from './raw.js';

/** The rules of ours in an object: what `clean` finds when a session's record is gone. Empty for objects of others. */
export function owned(object: unknown): readonly OwnedRule[] {
  const ref = refOf(object);
  const ours = ownedPart(object);
  if (ours === undefined || ref.kind !== HTTP_ROUTE || groupOf(ref.apiVersion) !== GATEWAY_API) return [];
  const spec = record(record(object).spec);
  const [parent] = records(spec.parentRefs);
  const service = { namespace: text(parent?.namespace) || (ref.namespace ?? ''), name: text(parent?.name) };
  return records(spec.rules).map((rule, index) => ({
    owner: ours.owner,
    ...(service.name === '' ? {} : { service }),
    ref,
    pointer: `/spec/rules/${index}`,
    hash: contentHash(rule),
  }));
}
