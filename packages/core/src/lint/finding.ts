import type { Problem } from '../contracts/mesh-adapter.js';
import { describeRef, type ObjectRef } from '../model/object.js';

export type Severity = NonNullable<Problem['severity']>;

/** A problem of one object that says how bad it is. `docs/lint.md` has a paragraph for each code. */
export type Finding = Problem & { readonly severity: Severity; readonly ref: ObjectRef };

/** `text` goes on after the object's name and a colon; it has no full stop. `pointer`: RFC 6901. `fix`: what to do about it. */
export function finding(
  severity: Severity,
  code: string,
  ref: ObjectRef,
  text: string,
  more: { readonly pointer?: string; readonly fix?: string } = {},
): Finding {
  return { code, severity, message: `${describeRef(ref)}: ${text}`, ref, ...more };
}

/** Each finding once, in the order in which they came. */
export function distinctFindings<P extends Problem>(all: readonly P[]): readonly P[] {
  return [...new Map(all.map((one) => [`${one.code} ${one.message} ${one.pointer ?? ''}`, one])).values()];
}
