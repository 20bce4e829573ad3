import type { Change } from '@heddle/core';
import { contentHash, describeService, isRecord, type KubeObject, metaOf, type ObjectEdit, ownerKey, refKey, refOf } from '@heddle/core';
import { isParkedFirst, whyParked } from '../park.js';
import { besideLeaving, parked } from './parked-rules.js';

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
      const body = withContent(live, object);
      const edit = { ref: refOf(object), stage: 'rules', op: 'replace', body, ...versionOf(live), why } as const;
      const parking = isParkedFirst(change.owner) ? besideLeaving(live, body, change.owner) : undefined;
      if (parking === undefined) return [edit];
      return [
        { ...edit, body: parking },
        { ...edit, stage: 'remove', why: `${why}, without the destinations that they had` },
      ];
    }),
    ...existing.filter((object) => !kept.has(refKey(refOf(object)))).flatMap((object) => removalOf(object, change)),
  ];
}

/** A route that everybody follows is parked first. */
export function removalOf(object: KubeObject, change: Change): readonly ObjectEdit[] {
  const gone = deletion(object, change);
  const body = isParkedFirst(change.owner) ? parked(object, change.owner) : undefined;
  if (body === undefined || contentHash(body.spec) === contentHash(object.spec)) return [gone];
  return [
    { ref: refOf(object), stage: 'rules', op: 'replace', body, ...versionOf(object), why: whyParked(change.owner) },
    { ...gone, stage: 'remove' },
  ];
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
