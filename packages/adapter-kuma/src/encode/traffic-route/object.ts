import { contentHash, isRecord, type KubeObject, MANAGED_BY, metaOf, type ObjectEdit, type Owner, refOf, sameOwner } from '@heddle/core';
import { type Raw, record } from '../../decode/raw.js';
import { OWNERS_ANNOTATION, ownerOfItem, ownersAnnotation, standingOwners } from '../../owned/ownership.js';
import type { Placed } from './items.js';

/** On a copy of ours: of which TrafficRoute, and the hash of what was copied. */
export const COPIED_FROM = 'heddle.dev/copied-from';
export const COPIED = 'heddle.dev/copied';

/** A TrafficRoute that heddle made: a copy, for one service, of one that is for several. */
export function isCopy(object: KubeObject): boolean {
  const { labels, annotations } = metaOf(object);
  return labels[MANAGED_BY] === 'heddle' && annotations[COPIED_FROM] !== undefined;
}

export const confOf = (object: KubeObject): Raw => record(record(object.spec).conf);

/** The list as it stands, whatever its entries are: pointers count all of them. */
export function httpOf(object: KubeObject): readonly unknown[] {
  const { http } = confOf(object);
  return Array.isArray(http) ? http : [];
}

/** Users' items, with their places. */
export function foreignItems(object: KubeObject): readonly { readonly index: number; readonly item: Raw }[] {
  return httpOf(object).flatMap((item, index) => (ownerOfItem(object, index) === undefined ? [{ index, item: item as Raw }] : []));
}

/** All of ours, where they stand among the users'. */
export function placedItems(object: KubeObject): readonly Placed[] {
  let gap = 0;
  const placed: Placed[] = [];
  for (const [index, item] of httpOf(object).entries()) {
    const owner = ownerOfItem(object, index);
    if (owner === undefined) gap += 1;
    else placed.push({ gap, item: record(item), owner });
  }
  return placed;
}

/** What a copy of ours copies, of the object that it is a copy of or of itself: without items of ours. */
export function copiedContent(object: KubeObject): Raw {
  const { http: _, ...conf } = confOf(object);
  return { sources: record(object.spec).sources, conf, http: foreignItems(object).map(({ item }) => item) };
}

/** Whether nobody has changed a copy of ours beside our items: then it may go with the last of them. */
export const isPristine = (object: KubeObject): boolean => metaOf(object).annotations[COPIED] === contentHash(copiedContent(object));

/** The same object with another list of items. Standing ones are told by their hashes, so these are written with them. */
export function withItems(object: KubeObject, http: readonly unknown[], owners: ReadonlyMap<string, Owner>): KubeObject {
  const spec = record(object.spec);
  const { http: _, ...conf } = record(spec.conf);
  return {
    ...object,
    metadata: withAnnotation(object.metadata, OWNERS_ANNOTATION, ownersAnnotation(owners)),
    spec: { ...spec, conf: http.length === 0 ? conf : { ...conf, http } },
  };
}

function withAnnotation(metadata: unknown, key: string, value: string | undefined): Raw {
  const meta = isRecord(metadata) ? metadata : {};
  const { annotations, ...rest } = meta;
  const { [key]: _, ...others } = record(annotations);
  const all = value === undefined ? others : { ...others, [key]: value };
  return Object.keys(all).length === 0 ? rest : { ...rest, annotations: all };
}

/** The marks of an object for these items, and those of other owners that find no item any more: they say what was lost. */
export function marksFor(object: KubeObject, placed: readonly Placed[], writer: Owner): ReadonlyMap<string, Owner> {
  const lost = [...lostMarks(object)].filter(([, owner]) => !sameOwner(owner, writer));
  const there = placed.flatMap(({ item, owner }): [string, Owner][] => (owner.kind === 'route' ? [[contentHash(item), owner]] : []));
  return new Map([...lost, ...there]);
}

/** Marks of standing items that somebody has edited or taken out. */
export function lostMarks(object: KubeObject): ReadonlyMap<string, Owner> {
  const hashes = new Set(httpOf(object).map((item) => contentHash(item)));
  return new Map([...standingOwners(object)].filter(([hash]) => !hashes.has(hash)));
}

/** The edit that brings an object to a state; none when it is in it already. */
export function editTo(live: KubeObject, body: KubeObject, why: string): readonly ObjectEdit[] {
  if (contentHash(live) === contentHash(body)) return [];
  const { uid = '', resourceVersion = '' } = metaOf(live);
  return [{ ref: refOf(body), stage: 'rules', op: 'replace', body, uid, resourceVersion, why }];
}
