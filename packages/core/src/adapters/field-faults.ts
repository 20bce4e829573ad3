import type { Problem } from '../contracts/mesh-adapter.js';
import { describeRef, type ObjectRef } from '../model/object.js';

/** Why the mesh would not take an object: one fault of one field. */
export interface FieldFault {
  /** The field, as an RFC 6901 JSON pointer; it may be missing in the object. */
  readonly pointer: string;
  /** As it reads after the field's name: `there must be at least one`. */
  readonly because: string;
}

export const fieldFault = (pointer: string, because: string): FieldFault => ({ pointer, because });

/** The pointer to a key of the map, or an item of the list, at `pointer`. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${typeof key === 'number' ? key : key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A fault in words, with the field as people write it: `spec.http[0].timeout: must be 1ms or more`. */
export function describeFieldFault({ pointer, because }: FieldFault): string {
  const parts = pointer.split('/').slice(1);
  const field = parts.reduce((path, part) => {
    if (/^\d+$/.test(part)) return `${path}[${part}]`;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!/^[\w@-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
  return field === '' ? because : `${field}: ${because}`;
}

/** What `validate` of an adapter says of an object with these faults: an error `invalid-object` for each. */
export function invalidObject(ref: ObjectRef, faults: readonly FieldFault[]): readonly Problem[] {
  return faults.map((fault) => ({
    code: 'invalid-object',
    severity: 'error',
    message: `${describeRef(ref)}: ${describeFieldFault(fault)}`,
    ref,
    pointer: fault.pointer,
  }));
}
