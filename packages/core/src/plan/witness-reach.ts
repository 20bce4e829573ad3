import type { Regexes } from '../evaluate/re2.js';
import type { RequestView } from '../evaluate/request-view.js';
import type { Match, Request } from '../model/match.js';
import type { Rule } from '../model/table.js';
import { canonicalJson } from './content-hash.js';
import { matchHolds } from './decide.js';
import { orEvery } from './overlap.js';
import { type Address, type Choice, requestOf, withValue } from './witness-choice.js';
import { slotsOf } from './witness-values.js';

export interface WitnessSource {
  readonly address: Address;
  /** The rules after the change, and before it. */
  readonly tables: readonly (readonly Rule[])[];
  /** Matches of rules that may take requests from one another: tried together, where something satisfies both. */
  readonly meetings: Iterable<readonly [Match, Match]>;
  /** What the change declares. */
  readonly declared: readonly Match[];
  readonly regexes: Regexes;
  view(request: Request): RequestView;
}

/** A match of a rule, and the rules that come before it. */
export interface Aim {
  readonly match: Match;
  readonly rules: readonly Rule[];
  /** The rule's place among them; the end of the list for what no rule matches. */
  readonly index: number;
}

/** Rules in the way that a request is led past, before giving up: the rule may be unreachable. */
const MAX_DETOURS = 8;

/** Each match of the tables once, and what comes after all rules. */
export function aimsOf({ tables }: WitnessSource): readonly Aim[] {
  const known = new Map<string, Aim>();
  for (const rules of tables) {
    for (const [index, rule] of rules.entries()) {
      for (const match of orEvery(rule.match)) {
        const key = canonicalJson({ ...match, name: undefined });
        if (!known.has(key)) known.set(key, { match, rules, index });
      }
    }
  }
  return [...known.values(), ...tables.map((rules) => ({ match: {}, rules, index: rules.length }))];
}

/**
 * The request, changed so that no earlier rule decides it, while it still satisfies all of `kept`: by just missing a condition of
 * each rule in the way. `undefined` when none was found.
 */
export function reach(choice: Choice, aim: Aim, kept: readonly Match[], source: WitnessSource): Choice | undefined {
  let current = choice;
  if (!kept.every((match) => satisfies(current, match, source))) return undefined;
  for (let detour = 0; detour <= MAX_DETOURS; detour += 1) {
    const blocker = blockerOf(current, aim, source);
    if (blocker === undefined) return current;
    const around = pastBlocker(current, blocker, kept, source);
    if (around === undefined) return undefined;
    current = around;
  }
  return undefined;
}

function blockerOf(choice: Choice, { rules, index }: Aim, source: WitnessSource): Match | undefined {
  const view = source.view(requestOf(choice, source.address));
  for (let at = 0; at < index; at += 1) {
    const rule = rules[at];
    const blocker = rule === undefined ? undefined : orEvery(rule.match).find((match) => matchHolds(match, view, source.regexes));
    if (blocker !== undefined) return blocker;
  }
  return undefined;
}

function pastBlocker(choice: Choice, blocker: Match, kept: readonly Match[], source: WitnessSource): Choice | undefined {
  for (const slot of slotsOf([blocker], source.regexes)) {
    for (const value of slot.misses) {
      const changed = withValue(choice, slot, value);
      if (kept.every((match) => satisfies(changed, match, source)) && !satisfies(changed, blocker, source)) return changed;
    }
  }
  return undefined;
}

function satisfies(choice: Choice, match: Match, source: WitnessSource): boolean {
  return matchHolds(match, source.view(requestOf(choice, source.address)), source.regexes);
}
