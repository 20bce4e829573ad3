import { canonicalJson } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { conditionIn } from './conjoin.js';
import type { ForeignRouteRule } from './foreign.js';
import type { RuleDraft } from './rule-draft.js';

/**
 * Rules as they are written. A match that an earlier intent has, or a copy for the rule that is for the rest, is never asked. Rules with
 * equal lists of matches merge into one, whoever's they are: where users have just our list, the first match twice keeps ours a rule of
 * its own, for the same requests; copies of rules that merge merge likewise.
 */
export function writtenRules(rules: readonly RuleDraft[], foreign: readonly ForeignRouteRule[]): readonly Raw[] {
  const users = new Set(foreign.map(({ rule }) => keyOf(rule.matches)));
  const firstFor = new Map<string, number>();
  return rules.flatMap(({ intent, matches, content }) => {
    const kept = matches.flatMap(({ raw, original }): readonly Raw[] => {
      const earlier = firstFor.get(canonicalJson(raw));
      firstFor.set(canonicalJson(raw), earlier ?? intent);
      return earlier === undefined || (earlier === intent && original !== undefined) ? [raw] : [];
    });
    const [first] = kept;
    if (first === undefined) return [];
    return [{ ...content, matches: users.has(keyOf(kept)) ? [...kept, first] : kept }];
  });
}

/** The server fills in what a match leaves out. */
const keyOf = (matches: readonly Raw[]): string => canonicalJson(matches.map(conditionIn));
