import { isRecord, type KubeObject, metaOf } from '../model/object.js';

/** Set by the server, or told apart by it: says nothing about who wrote what. */
const SERVER_SET = ['resourceVersion', 'generation', 'managedFields', 'uid', 'creationTimestamp', 'selfLink'];
/** Annotations and labels of ours on objects of others: owner markers. */
const OUR_KEYS = 'heddle.dev/';

/** An object that heddle created: its skeleton is ours, though rules in it may belong to several owners. */
export function isManaged(object: KubeObject | undefined): boolean {
  return object !== undefined && metaOf(object).labels['app.kubernetes.io/managed-by'] === 'heddle';
}

/**
 * What of an object is not an owner's: without the parts that the pointers (RFC 6901) name, without our annotations and labels, and
 * without what the server sets. `emptied`: lists that may be absent as well as empty, since only our parts stood in them.
 */
export function foreignContent(object: KubeObject, pointers: readonly string[], emptied: readonly string[]): unknown {
  const copy = structuredClone(object) as Record<string, unknown>;
  // From the back, so that removing one item does not move those that are still to be removed.
  const inOrder = pointers.map(parsePointer).sort(comparePaths).reverse();
  for (const path of inOrder) removeAt(copy, path);
  for (const path of emptied.map(parsePointer)) {
    const list = valueAt(copy, path);
    if (Array.isArray(list) && list.length === 0) removeAt(copy, path);
  }
  const { apiVersion: _version, metadata, ...content } = copy;
  return { ...content, metadata: foreignMetadata(metadata) };
}

/** The value that a pointer names; `undefined` where there is none. */
export function resolvePointer(object: unknown, pointer: string): unknown {
  return valueAt(object, parsePointer(pointer));
}

/** The lists (or maps) that hold what the pointers name. */
export function parentPointers(pointers: readonly string[]): readonly string[] {
  return [...new Set(pointers.map((pointer) => pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))))];
}

function foreignMetadata(metadata: unknown): unknown {
  if (!isRecord(metadata)) return {};
  const kept = Object.entries(metadata).filter(([key]) => !SERVER_SET.includes(key));
  const entries = kept.map(([key, value]) => [key, key === 'annotations' || key === 'labels' ? withoutOurKeys(value) : value] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function withoutOurKeys(map: unknown): unknown {
  if (!isRecord(map)) return map;
  const entries = Object.entries(map).filter(([key]) => !key.startsWith(OUR_KEYS));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const [x = '', y = ''] = [a[at], b[at]];
    if (x === y) continue;
    const [m, n] = [Number(x), Number(y)];
    return Number.isInteger(m) && Number.isInteger(n) ? m - n : x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((at: unknown, part) => (Array.isArray(at) ? at[Number(part)] : isRecord(at) ? at[part] : undefined), value);
}

function removeAt(root: Record<string, unknown>, path: readonly string[]): void {
  const last = path.at(-1);
  if (last === undefined) {
    for (const key of Object.keys(root)) delete root[key];
    return;
  }
  const parent = valueAt(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isRecord(parent)) delete parent[last];
}
