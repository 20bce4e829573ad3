import {
  isManaged,
  isRecord,
  type KubeObject,
  type MeshAdapter,
  metaOf,
  type ObjectEdit,
  type Observed,
  refKey,
  refOf,
} from '@heddle/core';

/** An adapter of which something has been broken. */
export type Break = (adapter: MeshAdapter) => MeshAdapter;

type Encode = MeshAdapter['encode'];

/** The adapter with its edits made others; what it refuses stays refused. */
export function withEdits(
  adapter: MeshAdapter,
  spoil: (edits: readonly ObjectEdit[], change: Parameters<Encode>[0], seen: Observed) => readonly ObjectEdit[],
): MeshAdapter {
  return {
    ...adapter,
    encode(change, seen, env) {
      const planned = adapter.encode(change, seen, env);
      return 'refused' in planned ? planned : { ...planned, ok: spoil(planned.ok, change, seen) };
    },
  };
}

/** Objects of users, of the kinds that the adapter writes. */
export function foreignObjects(adapter: MeshAdapter, seen: Observed): readonly KubeObject[] {
  const written = adapter.kinds.filter(({ verbs }) => verbs.includes('update')).map(({ kind }) => kind);
  const all = [...seen.values()].flatMap((one) => ('objects' in one ? one.objects : []));
  const distinct = new Map(all.map((object) => [refKey(refOf(object)), object]));
  return [...distinct.values()].filter((object) => written.includes(String(object.kind)) && !isManaged(object));
}

/** Edits in which every foreign object is written as `make` wants it: in place of what it was to become, or besides. */
export function rewriting(
  edits: readonly ObjectEdit[],
  foreign: readonly KubeObject[],
  make: (object: KubeObject) => KubeObject,
): readonly ObjectEdit[] {
  const edited = new Set(edits.map(({ ref }) => refKey(ref)));
  const keys = new Set(foreign.map((object) => refKey(refOf(object))));
  const inPlace = edits.map((edit) => (edit.op === 'replace' && keys.has(refKey(edit.ref)) ? { ...edit, body: make(edit.body) } : edit));
  const besides = foreign.flatMap((object): readonly ObjectEdit[] => {
    const body = make(object);
    if (edited.has(refKey(refOf(object))) || JSON.stringify(body) === JSON.stringify(object)) return [];
    const { uid = '', resourceVersion = '' } = metaOf(object);
    return [{ ref: refOf(object), stage: 'rules', why: 'broken', op: 'replace', body, uid, resourceVersion }];
  });
  return [...inPlace, ...besides];
}

/** A copy of a value with every map and list in it made another, from the inside out. */
export function mapDeep(value: unknown, make: (one: unknown) => unknown): unknown {
  if (Array.isArray(value)) return make(value.map((one) => mapDeep(one, make)));
  if (!isRecord(value)) return value;
  return make(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapDeep(one, make)])));
}
