import type { Change, Owner } from '@heddle/core';
import { contentHash, describeService, isRecord, type KubeObject, metaOf, type ObjectEdit, ownerKey, refKey, refOf } from '@heddle/core';
import { type Raw, record, records } from '../../decode/raw.js';
import { isParkedFirst, PARKING_HEADER, parkingPlace, whyParked } from '../park.js';

/** The edits that make an owner's MeshHTTPRoutes exactly those wanted. */
export function editsTo(wanted: readonly KubeObject[], existing: readonly KubeObject[], change: Change): readonly ObjectEdit[] {
  const services = change.services.map(describeService).join(', ');
  const why = `rules of ${ownerKey(change.owner)} for ${services}`;
  const byKey = new Map(existing.map((object) => [refKey(refOf(object)), object]));
  const kept = new Set(wanted.map((object) => refKey(refOf(object))));
  return [
    ...wanted.flatMap((object): readonly ObjectEdit[] => {
      const live = byKey.get(refKey(refOf(object)));
      if (live === undefined) return [{ ref: refOf(object), stage: 'rules', op: 'create', body: object, why }];
      if (contentHash(live.spec) === contentHash(object.spec) && hasLabels(live, object)) return [];
      return [{ ref: refOf(object), stage: 'rules', op: 'replace', body: withContent(live, object), ...versionOf(live), why }];
    }),
    ...existing.filter((object) => !kept.has(refKey(refOf(object)))).map((object) => deletion(object, change)),
  ];
}

/** A route that everybody follows is parked first. */
export function removalOf(object: KubeObject, change: Change): readonly ObjectEdit[] {
  const gone = deletion(object, change);
  const spec = isParkedFirst(change.owner) ? parkedSpec(object, change.owner) : undefined;
  if (spec === undefined || contentHash(spec) === contentHash(object.spec)) return [gone];
  const parked = { ref: refOf(object), stage: 'rules', op: 'replace', body: { ...object, spec }, ...versionOf(object) } as const;
  return [
    { ...parked, why: whyParked(change.owner) },
    { ...gone, stage: 'remove' },
  ];
}

/** The same destinations for no request. */
function parkedSpec(object: KubeObject, owner: Owner): Raw {
  const spec = record(object.spec);
  let index = 0;
  const park = (rule: Raw): Raw => {
    const headers = [{ type: 'Exact', name: PARKING_HEADER, value: parkingPlace(owner, index++) }];
    return { ...rule, matches: [{ path: { type: 'PathPrefix', value: '/' }, headers }] };
  };
  return { ...spec, to: records(spec.to).map((item) => ({ ...item, rules: records(item.rules).map(park) })) };
}

export function deletion(object: KubeObject, { owner, services }: Change): ObjectEdit {
  const why = `removes the rules of ${ownerKey(owner)} for ${services.map(describeService).join(', ')}`;
  return { ref: refOf(object), stage: 'rules', op: 'delete', ...versionOf(object), why };
}

function versionOf(object: KubeObject): { readonly uid: string; readonly resourceVersion: string } {
  const { uid = '', resourceVersion = '' } = metaOf(object);
  return { uid, resourceVersion };
}

const hasLabels = (live: KubeObject, wanted: KubeObject): boolean =>
  Object.entries(metaOf(wanted).labels).every(([key, value]) => metaOf(live).labels[key] === value);

/** What the mesh and the server have put into the metadata stays. */
function withContent(live: KubeObject, wanted: KubeObject): KubeObject {
  const metadata = isRecord(live.metadata) ? live.metadata : {};
  return {
    ...live,
    apiVersion: wanted.apiVersion,
    metadata: { ...metadata, labels: { ...metaOf(live).labels, ...metaOf(wanted).labels } },
    spec: wanted.spec,
  };
}
