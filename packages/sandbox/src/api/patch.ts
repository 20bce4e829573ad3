import { isDeepStrictEqual } from 'node:util';
import { isRecord, type KubeObject } from '@heddle/core';
import { ApiError } from '../store/index.js';

/** RFC 7396: null removes, records merge, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** Whether a strategic merge patch says the same as a merge patch: no lists and no directives in it. */
export function isPlainMerge(patch: unknown): boolean {
  if (!isRecord(patch)) return !Array.isArray(patch);
  return Object.entries(patch).every(([key, value]) => !key.startsWith('$') && isPlainMerge(value));
}

/** RFC 6902. An operation that cannot be carried out, a failed test too, is 422, as on a real server. */
export function jsonPatch(target: KubeObject, patch: unknown): KubeObject {
  const root = { '': structuredClone(target) };
  for (const { op, path, from, value } of Array.isArray(patch) ? patch : [{}]) {
    const at = locate(root, path);
    if (op === 'add') at.add(structuredClone(value));
    else if (op === 'remove') at.remove();
    else if (op === 'replace') at.replace(structuredClone(value));
    else if (op === 'copy') at.add(structuredClone(locate(root, from).get()));
    else if (op === 'move') at.add(locate(root, from).remove());
    else if (op !== 'test' || !isDeepStrictEqual(at.get(), value)) throw rejected();
  }
  return root[''];
}

const rejected = () => new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** The place that a JSON pointer names. Its holder must be there, what stands in it only where the operation needs it. */
function locate(root: unknown, pointer: unknown) {
  const steps = String(pointer)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  const child = (value: unknown, key: string): unknown => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw rejected();
    return Reflect.get(value, key);
  };
  const holder = steps.reduce(child, root) as object;
  const get = () => child(holder, last);
  const index = Array.isArray(holder) && last === '-' ? holder.length : Number(last);
  return {
    get,
    replace: (value: unknown) => [get(), Reflect.set(holder, last, value)],
    add(value: unknown) {
      if (!Array.isArray(holder)) Reflect.set(holder, last, value);
      else if (index >= 0 && index <= holder.length) holder.splice(index, 0, value);
      else throw rejected();
    },
    remove() {
      const value = get();
      if (Array.isArray(holder)) holder.splice(index, 1);
      else Reflect.deleteProperty(holder, last);
      return value;
    },
  };
}
