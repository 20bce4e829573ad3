import { canonicalJson, type Match, matchImplies } from '@heddle/core';
import { type Raw, record, text } from '../../decode/raw.js';
import { compareMatches } from '../../decode/specificity.js';
import type { Entry } from '../entry.js';
import { lost } from '../losses.js';
import { meet } from '../meet.js';
import { pairCache } from '../pair-cache.js';
import { replacesPrefix, within } from '../rewrites.js';
import { type Form, PLAIN, writtenMatch } from './written-match.js';

/** An entry as it is written. */
export interface Placed extends Entry {
  readonly form: Form;
  readonly raw: Raw;
  /** Equal for entries that do the same with a request. */
  readonly key: string;
  /** Of another object, whose rules come after ours where they are as specific: it stays as it is. */
  readonly isFixed: boolean;
}

interface Relations {
  readonly meet: (a: Match, b: Match) => ReturnType<typeof meet>;
  readonly implies: (narrow: Match, wide: Match) => boolean;
  readonly compare: (a: Raw, b: Raw) => number;
}

export interface Ordered {
  readonly list: readonly Placed[];
  /** Entries that had to be left out. */
  readonly lost: readonly Entry[];
}

/** As many changes to a list as are tried, for each of its entries: with more of them, nobody would understand the rules. */
const MOST_ROUNDS = 4;

/** How paths are written at first: as they are said best, or all as patterns, of which the longer one is tried first. */
export type Style = 'plain' | 'patterns';

/**
 * A list of which the first entry decides, so that it means the same in the order in which Kuma tries rules: the more specific first,
 * and as listed among equals. Where a later entry would come before an earlier one that it meets, what they have in common stands in
 * front with the earlier one's effect; or the one is written so that it counts less, the other so that it counts more. `beside`: entries
 * of weaker objects, which stay as they are.
 */
export function inOrder(entries: readonly Entry[], beside: readonly Placed[], style: Style): Ordered {
  const relations: Relations = { meet: pairCache(meet), implies: pairCache(matchImplies), compare: pairCache(compareMatches) };
  const fixed = beside.map((one) => ({ ...one, isFixed: true, key: `beside ${one.key}` }));
  const own = style === 'plain' ? entries.map((entry) => placed(entry)) : byLength(entries, fixed, relations);
  const { list, lost: gone } = ordered([...own, ...fixed], relations);
  return { list: list.filter(({ isFixed }) => !isFixed), lost: gone };
}

export const OUT_OF_ORDER = lost(
  'order',
  'The rule is left out where it matches: Kuma tries it before an earlier rule, as it is more specific, and no rule can ask for what they have in common',
  'give the two rules conditions on different headers',
);

function placed(entry: Entry, form: Form = PLAIN): Placed {
  const { match, effect } = entry;
  const key = canonicalJson([effect, replacesPrefix(effect) ? (match.path ?? null) : null]);
  return { ...entry, form, raw: writtenMatch(entry, form), key, isFixed: false };
}

/** All paths as patterns, each longer than those of later entries that it meets. */
function byLength(entries: readonly Entry[], beside: readonly Placed[], { meet: both }: Relations): readonly Placed[] {
  let list: readonly Placed[] = [];
  for (const entry of entries.toReversed()) {
    const own = placed(entry, { path: 'pattern', padding: 0 });
    const after = [...list, ...beside].filter(
      (later) => later.key !== own.key && isPattern(later) && both(entry.match, later.match) !== 'never',
    );
    const needed = Math.max(0, ...after.map((later) => bytesOf(later) + 1)) - bytesOf(own);
    list = [needed <= 0 || !isPattern(own) ? own : placed(entry, { path: 'pattern', padding: needed }), ...list];
  }
  return list;
}

function ordered(start: readonly Placed[], relations: Relations): Ordered {
  const gone: Entry[] = [];
  let list = start;
  let rounds = start.length * MOST_ROUNDS;
  let from = 1;
  for (let found = conflictIn(list, from, relations); found !== undefined; found = conflictIn(list, from, relations)) {
    rounds -= 1;
    const { first, second } = found;
    const better = rounds > 0 ? settled(list, found, relations) : undefined;
    if (better === undefined) {
      const at = list[second]?.isFixed === true ? first : second;
      const loser = list[at];
      if (loser !== undefined) gone.push(loser);
      list = list.toSpliced(at, 1);
    } else list = better;
    // Whatever has been changed, only what is after it is to be looked at again.
    from = Math.max(1, first);
  }
  return { list, lost: gone };
}

interface Conflict {
  readonly first: number;
  readonly second: number;
}

/** An entry that would be tried before one that is listed before it, and take some of its requests. */
function conflictIn(list: readonly Placed[], from: number, { meet: both, implies, compare }: Relations): Conflict | undefined {
  for (let second = from; second < list.length; second += 1) {
    const later = list[second];
    for (let first = 0; later !== undefined && first < second; first += 1) {
      const earlier = list[first];
      if (earlier === undefined || earlier.key === later.key || earlier.isFixed || compare(later.raw, earlier.raw) >= 0) continue;
      const common = both(earlier.match, later.match);
      if (common === 'never') continue;
      const isTaken = (one: Placed, index: number) =>
        index < second && typeof common === 'object' && compare(one.raw, later.raw) <= 0 && implies(common, one.match);
      if (!list.some(isTaken)) return { first, second };
    }
  }
  return undefined;
}

function settled(list: readonly Placed[], { first, second }: Conflict, { meet: both }: Relations): readonly Placed[] | undefined {
  const [earlier, later] = [list[first], list[second]];
  if (earlier === undefined || later === undefined) return undefined;
  const common = both(earlier.match, later.match);
  if (typeof common === 'object') {
    const parts = within(earlier, common)?.map((part) => placed({ ...earlier, ...part }));
    if (parts?.every(({ raw }) => compareMatches(raw, later.raw) <= 0) === true) return list.toSpliced(first + 1, 0, ...parts);
  }
  const weaker = weakened(later, earlier);
  if (weaker !== undefined) return list.with(second, weaker);
  const stronger = padded(earlier, later);
  return stronger === undefined ? undefined : list.with(first, stronger);
}

/** The later one as a pattern, or without a path, where the other then comes first or can be made to. */
function weakened(later: Placed, earlier: Placed): Placed | undefined {
  if (later.isFixed || later.form.path !== 'plain' || replacesPrefix(later.effect) || isPattern(later)) return undefined;
  // Nothing comes after an entry without a path.
  if (earlier.raw.path === undefined) return undefined;
  return placed(later, { ...later.form, path: later.match.path === undefined ? 'none' : 'pattern' });
}

function padded(earlier: Placed, later: Placed): Placed | undefined {
  if (!isPattern(earlier) || !isPattern(later)) return undefined;
  const needed = bytesOf(later) + 1 - bytesOf(earlier);
  return needed <= 0 ? undefined : placed(earlier, { ...earlier.form, padding: earlier.form.padding + needed });
}

const isPattern = ({ raw }: Placed): boolean => record(raw.path).type === 'RegularExpression';
const bytesOf = ({ raw }: Placed): number => Buffer.byteLength(text(record(raw.path).value));
