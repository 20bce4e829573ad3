import { canonicalJson } from '@heddle/core';
import { type Raw, text } from '../../decode/raw.js';
import { regexHolds } from '../regex.js';
import type { HeaderCondition } from './condition.js';

/**
 * Conditions of ours added to a match's. Kuma counts only the first on a name (kuma `meshhttproute/xds/match.go`, routeHeadersMatch,
 * 2.14), so two on one name become one there; but it orders rules by the number of all, so every copy gains as many as any other.
 */
export function meetHeaders(
  foreign: readonly Raw[],
  ours: readonly HeaderCondition[],
  joinsRepeated: boolean,
): readonly Raw[] | 'never' | 'undecided' {
  let met = foreign;
  for (const condition of ours) {
    const at = met.findIndex(({ name }) => name === condition.name);
    const theirs = met[at];
    const both = theirs === undefined ? condition : meet(headerIn(theirs), condition, joinsRepeated);
    if (both === 'never' || both === 'undecided') return both;
    const kept = theirs === undefined || canonicalJson(both) === canonicalJson(headerIn(theirs)) ? met : met.with(at, { ...both });
    met = [...kept, { ...condition }];
  }
  return met;
}

/** The API server fills in the type. */
export function headerIn({ type, name, value }: Raw): HeaderCondition {
  const known = (['Prefix', 'RegularExpression', 'Present', 'Absent'] as const).find((one) => one === type) ?? 'Exact';
  return { type: known, name: text(name), ...(value === undefined ? {} : { value: text(value) }) };
}

function meet(theirs: HeaderCondition, ours: HeaderCondition, joinsRepeated: boolean): HeaderCondition | 'never' | 'undecided' {
  if (canonicalJson(theirs) === canonicalJson(ours)) return theirs;
  if (theirs.type === 'Absent' || ours.type === 'Absent') return 'never';
  if (ours.type === 'Present') return theirs;
  if (theirs.type === 'Present') return ours;
  const both = meetValues(theirs, ours);
  // With each value matched alone, a header sent twice can satisfy two conditions that no one value does.
  return both === 'never' && !joinsRepeated ? 'undecided' : both;
}

function meetValues(theirs: HeaderCondition, ours: HeaderCondition): HeaderCondition | 'never' | 'undecided' {
  if (ours.type === 'Exact') return holds(theirs, ours.value ?? '') ? ours : 'never';
  if (theirs.type === 'Exact') return holds(ours, theirs.value ?? '') ? theirs : 'never';
  if (theirs.type !== 'Prefix' || ours.type !== 'Prefix') return 'undecided';
  if ((ours.value ?? '').startsWith(theirs.value ?? '')) return ours;
  return (theirs.value ?? '').startsWith(ours.value ?? '') ? theirs : 'never';
}

function holds({ type, value = '' }: HeaderCondition, header: string): boolean {
  if (type === 'Exact') return value === header;
  return type === 'Prefix' ? header.startsWith(value) : regexHolds(value, header);
}
