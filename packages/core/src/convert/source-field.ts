import { isRecord, type KubeObject, type ObjectRef, refKey, refOf } from '../model/object.js';
import type { Origin } from '../model/table.js';

/** Where in an object something stands. */
export interface SourceField {
  readonly ref: ObjectRef;
  readonly pointer: string;
}

/**
 * The field of a source object that a loss is about: of the rule's fields the one that is called like the feature (`mirror` finds
 * `mirrors`, `fault` finds `httpFault`), else the rule itself.
 */
export function fieldOfRule(origins: readonly Origin[], code: string, objects: ReadonlyMap<string, KubeObject>): SourceField | undefined {
  const places = origins.map(({ ref, pointer }) => ({ ref, pointer, object: objects.get(refKey(ref)) }));
  for (const { ref, pointer, object } of places) {
    const field = fieldCalled(object, pointer, code);
    if (field !== undefined) return { ref, pointer: field };
  }
  const [first] = places;
  return first === undefined ? undefined : { ref: first.ref, pointer: first.pointer };
}

/** The pointer of the member below `pointer` whose name holds the word that a code begins with. */
export function fieldCalled(object: KubeObject | undefined, pointer: string, code: string): string | undefined {
  const stem = (code.split('.')[0] ?? '').slice(0, STEM).toLowerCase();
  const at = valueAt(object, pointer);
  if (stem === '' || !isRecord(at)) return undefined;
  const key = Object.keys(at).find((name) => name.toLowerCase().includes(stem));
  return key === undefined ? undefined : `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Letters that `retry` and `retries` share. */
const STEM = 4;

/** What stands at an RFC 6901 JSON pointer. */
export function valueAt(object: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce<unknown>((value, key) => {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) return value[Number(name)];
    return isRecord(value) ? value[name] : undefined;
  }, object);
}

export const byRef = (objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> =>
  new Map(objects.map((object) => [refKey(refOf(object)), object]));
