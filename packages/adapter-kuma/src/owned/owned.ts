import { contentHash, groupOf, isRecord, type OwnedRule, refOf } from '@heddle/core';
import { maybeText, record, records } from '../decode/raw.js';
import { DISPLAY_NAME_LABEL, SERVICE_TAG } from '../decode/tags.js';
import { ownerOfItem, ownerOfRoute, parseServiceTag } from './ownership.js';

/** The rules of ours in a MeshHTTPRoute or TrafficRoute: told without a record, so that clean-up works when it is gone. */
export function owned(object: unknown): readonly OwnedRule[] {
  if (!isRecord(object)) return [];
  const ref = refOf(object);
  if (groupOf(ref.apiVersion) !== 'kuma.io') return [];
  if (ref.kind === 'MeshHTTPRoute') return ownedRoute(object);
  return ref.kind === 'TrafficRoute' ? ownedItems(object) : [];
}

/** The object is one owner's alone, so its whole content is one rule. */
function ownedRoute(object: Readonly<Record<string, unknown>>): readonly OwnedRule[] {
  const owner = ownerOfRoute(object);
  if (owner === undefined) return [];
  const target = record(records(record(object.spec).to)[0]?.targetRef);
  const name = parseServiceTag(target.name)?.name ?? maybeText(target.name) ?? maybeText(record(target.labels)[DISPLAY_NAME_LABEL]);
  const service = name === undefined ? {} : { service: { namespace: owner.namespace, name } };
  return [{ owner, ...service, ref: refOf(object), pointer: '/spec', hash: contentHash(object.spec) }];
}

function ownedItems(object: Readonly<Record<string, unknown>>): readonly OwnedRule[] {
  const { destinations, conf } = record(object.spec);
  const http = record(conf).http;
  const tag = parseServiceTag(record(records(destinations)[0]?.match)[SERVICE_TAG]);
  const service = tag === undefined ? {} : { service: { namespace: tag.namespace, name: tag.name } };
  if (!Array.isArray(http)) return [];
  return http.flatMap((item: unknown, index): OwnedRule[] => {
    const owner = ownerOfItem(object, index);
    if (owner === undefined) return [];
    return [{ owner, ...service, ref: refOf(object), pointer: `/spec/conf/http/${index}`, hash: contentHash(item) }];
  });
}
