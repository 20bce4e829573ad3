import { type Match, matchExcludes, matchImplies, ok, type Result, refuse } from '@heddle/core';
import { replacesPrefix } from '../../decode/compile-filters.js';
import { compileMatches } from '../../decode/compile-match.js';
import { type Raw, record, records } from '../../decode/raw.js';
import { compareMatches } from '../../decode/specificity.js';
import { conditionIn, conjoin } from './conjoin.js';
import type { MatchDraft, RuleDraft } from './rule-draft.js';

/** Added to one item: as many as the Gateway API lets one route have. */
const MOST_ADDED = 128;

/** A match, and where it stands: of rules as specific as each other the earlier decides. */
interface Placed extends MatchDraft {
  readonly at: number;
  /** Of rules of a weaker owner's, which come after all of ours: later than any. */
  readonly intent: number;
}

/**
 * The same rules, with matches added so that Kuma's order of them is the one wanted: by intent, and within one as the rules that they are
 * copies of. A rule may be less specific than one that should come after it; then it also asks for what satisfies both, which is as
 * specific as either. `weaker`: matches of owners that must come after all of ours, wherever they stand.
 */
export function withMeetings(rules: readonly RuleDraft[], weaker: readonly Raw[], joinsRepeated: boolean): Result<readonly RuleDraft[]> {
  const others = weaker.map((raw): Placed => ({ raw, at: rules.length, intent: Number.POSITIVE_INFINITY }));
  let current = rules;
  for (;;) {
    const next = onePass(current, others, joinsRepeated);
    if (countOf(next) === countOf(current)) return ok(current);
    if (countOf(next) - countOf(rules) > MOST_ADDED) {
      return refuse(
        'specificity',
        `Kuma orders rules by how specific they are, and to be decided in the right order these would need more than ${MOST_ADDED} matches besides`,
        'match on headers alone, or clear a route of the service',
      );
    }
    current = next;
  }
}

const countOf = (rules: readonly RuleDraft[]): number => rules.reduce((sum, { matches }) => sum + matches.length, 0);

function onePass(rules: readonly RuleDraft[], others: readonly Placed[], joinsRepeated: boolean): readonly RuleDraft[] {
  let current = rules;
  for (const at of rules.keys()) {
    const all = [...current.flatMap(placedIn), ...others];
    const rule = current[at];
    if (rule === undefined) continue;
    const own = placedIn(rule, at);
    const added: Placed[] = [];
    for (const ours of own) {
      for (const other of all) {
        if (!comesBefore(other, ours) || !mustPrecede(ours, other) || matchExcludes(neutral(ours), neutral(other))) continue;
        const both = meet(rule, ours, other, joinsRepeated);
        if (both !== undefined && !isTaken(both, other, [...all, ...added])) added.push(both);
      }
    }
    if (added.length > 0) current = current.with(at, { ...rule, matches: [...rule.matches, ...added.map(draftOf)] });
  }
  return current;
}

const placedIn = ({ intent, matches }: RuleDraft, at: number): readonly Placed[] => matches.map((match) => ({ ...match, at, intent }));

const draftOf = ({ raw, original }: Placed): MatchDraft => ({ raw, ...(original === undefined ? {} : { original }) });

const neutral = ({ raw }: Placed): Match => compileMatches(raw, false)[0] ?? {};

/** Whether Kuma tries the one before the other. */
const comesBefore = (a: Placed, b: Placed): boolean => (compareMatches(a.raw, b.raw) || a.at - b.at) < 0;

/** Whether the one must be tried before the other. */
function mustPrecede(a: Placed, b: Placed): boolean {
  if (a.intent !== b.intent) return a.intent < b.intent;
  if (a.original === undefined || b.original === undefined) return a.original !== undefined && b.original === undefined;
  return (compareMatches(a.original, b.original) || a.at - b.at) < 0;
}

/** What satisfies both, to be treated as the first; `undefined` where no match says so, or where it would still come too late. */
function meet(rule: RuleDraft, ours: Placed, other: Placed, joinsRepeated: boolean): Placed | undefined {
  const { filters } = record(rule.content.default);
  const foreign = { where: rule.where, replacesPrefix: replacesPrefix(records(filters)), joinsRepeated };
  const both = conjoin(ours.raw, conditionIn(other.raw), foreign);
  if ('refused' in both || both.ok === undefined) return undefined;
  const placed = { ...ours, raw: both.ok };
  return comesBefore(placed, other) ? placed : undefined;
}

/** Another of ours takes it, which may: it is at least as strong, and comes in time. */
const isTaken = (both: Placed, other: Placed, all: readonly Placed[]): boolean =>
  all.some((one) => (one.at === both.at || mustPrecede(one, both)) && comesBefore(one, other) && matchImplies(neutral(both), neutral(one)));
