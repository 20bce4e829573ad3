import type { ObjectEdit } from '../model/change.js';
import { isRecord, type KubeObject, type ObjectQuery, type ObjectRef, refKey, refOf } from '../model/object.js';
import { matchesQuery, type Observation, type Observed } from '../model/observed.js';

/** Objects that edits create are younger than all others, which decides between objects of one rank. */
const YOUNGEST = '9999-12-31T23:59:59Z';

/**
 * What would be seen after the edits: every answered query shows created objects that it matches, replaced ones in their new state,
 * and no deleted ones. Queries that were not answered stay so. Pure.
 */
export function simulate(seen: Observed, edits: readonly ObjectEdit[]): Observed {
  return edits.reduce(applyEdit, seen);
}

/** Adds objects that are taken as present; what really is there under the same name counts instead. Pure. */
export function withAssumed(seen: Observed, assumed: readonly KubeObject[]): Observed {
  return assumed.reduce((state: Observed, object) => {
    const key = refKey(refOf(object));
    return mapAnswered(state, (objects, query) =>
      matchesQuery(object, query) && !objects.some((other) => refKey(refOf(other)) === key) ? [...objects, object] : objects,
    );
  }, seen);
}

/** What would be seen if these objects were not there. Pure. */
export function withoutObjects(seen: Observed, absent: readonly KubeObject[]): Observed {
  const keys = new Set(absent.map((object) => refKey(refOf(object))));
  if (keys.size === 0) return seen;
  return mapAnswered(seen, (objects) => objects.filter((object) => !keys.has(refKey(refOf(object)))));
}

/** The object that a reference names, as it was seen; `undefined` when no answered query brought it. */
export function seenObject(seen: Observed, ref: ObjectRef): KubeObject | undefined {
  const key = refKey(ref);
  for (const observation of seen.values()) {
    const found = 'objects' in observation ? observation.objects.find((object) => refKey(refOf(object)) === key) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every object seen, each once. */
export function allObjects(seen: Observed): readonly KubeObject[] {
  const found = new Map<string, KubeObject>();
  for (const observation of seen.values()) {
    if ('objects' in observation) for (const object of observation.objects) found.set(refKey(refOf(object)), object);
  }
  return [...found.values()];
}

function applyEdit(seen: Observed, edit: ObjectEdit): Observed {
  const key = refKey(edit.ref);
  const body = edit.op === 'delete' ? undefined : edit.op === 'create' ? asCreated(edit.body) : edit.body;
  return mapAnswered(seen, (objects, query) => {
    const index = objects.findIndex((object) => refKey(refOf(object)) === key);
    const shown = body !== undefined && matchesQuery(body, query) ? [body] : [];
    if (index < 0) return shown.length === 0 ? objects : [...objects, ...shown];
    return [...objects.slice(0, index), ...shown, ...objects.slice(index + 1)];
  });
}

function asCreated(body: KubeObject): KubeObject {
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  return { ...body, metadata: { creationTimestamp: YOUNGEST, ...metadata } };
}

function mapAnswered(seen: Observed, change: (objects: readonly KubeObject[], query: ObjectQuery) => readonly KubeObject[]): Observed {
  const next = new Map<string, Observation>();
  for (const [key, observation] of seen) {
    next.set(key, 'objects' in observation ? { objects: change(observation.objects, parseQueryKey(key)) } : observation);
  }
  return next;
}

/** Undoes `queryKey`. */
function parseQueryKey(key: string): ObjectQuery {
  const [group = '', kind = '', namespace = '*', name = '*', labelSelector = ''] = key.split('|');
  return {
    group,
    kind,
    ...(namespace === '*' ? {} : { namespace }),
    ...(name === '*' ? {} : { name }),
    ...(labelSelector === '' ? {} : { labelSelector }),
  };
}
