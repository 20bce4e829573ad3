import { canonicalJson } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import type { World } from '../../decode/world-types.js';
import type { Backend } from '../destinations.js';
import { type Effect, isSent } from '../entry.js';
import { filtersOf } from './filters.js';
import { backendRef, mirrorRef } from './naming.js';
import type { Placed } from './order.js';

/** Rules that share a timeout and retries, in order: a policy of those is about a whole MeshHTTPRoute. */
export interface Run {
  readonly limits: Pick<Effect, 'timeoutMs' | 'retry'>;
  readonly rules: readonly Raw[];
}

/** Entries that do the same and stand beside each other are one rule. `isEmpty`: whether another object's rule with these matches has filters. */
export function runsOf(list: readonly Placed[], world: World, mesh: string, mergesInto: ReadonlySet<string>): readonly Run[] {
  const groups: Placed[][] = [];
  for (const one of list) {
    const last = groups.at(-1);
    if (last?.[0]?.key === one.key) last.push(one);
    else groups.push([one]);
  }
  const runs: { limits: Run['limits']; rules: Raw[] }[] = [];
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const limits = limitsOf(first.effect);
    const rule = ruleOf(group, first.effect, world, mesh, mergesInto);
    const last = runs.at(-1);
    if (last !== undefined && canonicalJson(last.limits) === canonicalJson(limits)) last.rules.push(rule);
    else runs.push({ limits, rules: [rule] });
  }
  return runs;
}

const limitsOf = ({ timeoutMs, retry }: Effect): Run['limits'] => ({
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
  ...(retry === undefined ? {} : { retry }),
});

function ruleOf(group: readonly Placed[], effect: Effect, world: World, mesh: string, mergesInto: ReadonlySet<string>): Raw {
  const matches = group.map(({ raw }) => raw);
  const [first] = matches;
  const to = isSent(effect.to) ? effect.to : undefined;
  const filters = filtersOf(effect, ({ backend, percent }) => ({
    backendRef: mirrorRef(world, backend),
    ...(percent === 100 ? {} : { percentage: Number.isInteger(percent) ? percent : String(percent) }),
  }));
  // Rules of several objects with equal lists of matches merge; the first match twice keeps ours a rule of its own, for the same requests.
  const apart = first !== undefined && mergesInto.has(matchesKey(matches)) ? [...matches, first] : matches;
  return {
    matches: apart,
    default: {
      ...(filters.length === 0 ? {} : { filters }),
      ...(to === undefined ? {} : { backendRefs: to.map((one) => backendRef(world, mesh, one, to.length === 1)) }),
    },
  };
}

export const matchesKey = (matches: readonly Raw[]): string => canonicalJson(matches);

export const EVERY_PATH: readonly Raw[] = [{ path: { type: 'PathPrefix', value: '/' } }];

/**
 * A rule without effect (2.14): its route is left out, so that its requests are for others. For every path, the one that Kuma would append
 * is not appended; with the matches of a weaker object's rule, that one is merged into it.
 */
export function nowhereRule(matches: readonly Raw[], world: World, mesh: string, backend: Backend): Raw {
  return { matches, default: { backendRefs: [{ ...backendRef(world, mesh, backend, true), weight: 0 }] } };
}
