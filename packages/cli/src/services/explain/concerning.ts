import type { Decoded, Explanation, Gap, Problem } from '@heddle/core';
import { refKey } from '@heddle/core';
import type { Caller } from './types.js';

/** Of what a decode could not read: what the answer for this caller can hang on. A caller without a proxy hangs on nothing of the mesh. */
export function gapsFor({ gaps }: Decoded, { client }: Pick<Caller, 'client'>): readonly Gap[] {
  if (client.kind === 'none') return [];
  return gaps.filter(({ feature, ref }) => client.kind === 'gateway' || !isOfGateways(feature, ref?.kind));
}

/**
 * Of a decode's problems, those that tell something of this request: not of rules that it never came to, not of other planes, and not
 * that a destination is missing, which the answer says of the one that counts.
 */
export function problemsFor(
  { problems }: Decoded,
  { answer }: Pick<Explanation, 'answer'>,
  { client }: Pick<Caller, 'client'>,
): readonly Problem[] {
  if (client.kind === 'none') return [];
  const tried = answer.trace.flatMap(({ origins }) => origins);
  return problems.filter(({ code, ref, pointer, severity }) => {
    if (severity === 'info' || code.startsWith('destination-')) return false;
    if (ref === undefined) return true;
    if (client.kind !== 'gateway' && isOfGateways(code, ref.kind)) return false;
    const own = tried.filter((origin) => refKey(origin.ref) === refKey(ref));
    // It is so for other callers.
    if (own.length > 0 && code.endsWith('-shadowed')) return false;
    return (
      pointer === undefined ||
      own.length === 0 ||
      own.some((origin) => isWithin(pointer, origin.pointer) || isWithin(origin.pointer, pointer))
    );
  });
}

const isOfGateways = (name: string, kind: string | undefined): boolean => kind === 'Gateway' || name.startsWith('gateway');

const isWithin = (pointer: string, outer: string): boolean => outer === '' || pointer === outer || pointer.startsWith(`${outer}/`);
