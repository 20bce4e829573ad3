import { type MeshEnvironment, matchExcludes, matchImplies, ok, type Result, refuse } from '@heddle/core';
import { compileMatch } from '../decode/compile-match.js';
import { type Raw, records } from '../decode/raw.js';
import type { EffectiveRule } from './delegates.js';

/**
 * The matches of a copy that has to come before rules which come before its original: those that never got past these rules are left
 * out, those that these rules leave alone stay, and of any other it could not be said whose a request is.
 */
export function passing(
  matches: readonly Raw[],
  { where }: EffectiveRule,
  earlier: readonly Raw[],
  env: MeshEnvironment,
): Result<readonly Raw[]> {
  const taking = earlier.flatMap((rule) => (records(rule.match).length === 0 ? [{}] : records(rule.match)));
  const left = matches.filter((match) => !taking.some((theirs) => covers(theirs, match, env)));
  if (left.every((match) => taking.every((theirs) => apart(theirs, match, env)))) return ok(left);
  return refuse(
    'delegate-order',
    `${where} comes after rules for others in the same delegate, which a copy of it would have to come before`,
    'put the rules for the service before those for others in the delegate, or where that delegates',
  );
}

const FILTERS = ['port', 'gateways', 'sourceLabels', 'sourceNamespace'] as const;

/** Whether every request that one match takes is one that the other takes. */
function covers(wide: Raw, narrow: Raw, env: MeshEnvironment): boolean {
  const [all, some] = [compileMatch(wide, env), compileMatch(narrow, env)];
  const filtered = FILTERS.every((key) => wide[key] === undefined || JSON.stringify(wide[key]) === JSON.stringify(narrow[key]));
  return filtered && all.claims.length === 0 && matchImplies(some.match, all.match);
}

const apart = (a: Raw, b: Raw, env: MeshEnvironment): boolean =>
  (typeof a.port === 'number' && typeof b.port === 'number' && a.port !== b.port) ||
  matchExcludes(compileMatch(a, env).match, compileMatch(b, env).match);
