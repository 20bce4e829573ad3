import { describeMatches } from '../describe/describe-match.js';
import type { Intent } from '../model/change.js';
import type { Match, NamedMatch, PathMatch, Str } from '../model/match.js';
import type { Fault } from '../model/table.js';
import { canonicalJson } from '../plan/content-hash.js';
import { matchExcludes, matchImplies, orEvery } from '../plan/overlap.js';
import { pathImplies } from '../plan/overlap-path.js';
import { strImplies } from '../plan/overlap-str.js';
import { ok, type Result, refuse } from './result.js';

/** What an owner wants of the requests that match, in every dimension. What is absent stays as the rule beneath has it. */
export interface ComposedIntent {
  /** ORed; never empty: a match without conditions is every request. */
  readonly match: readonly Match[];
  readonly to?: readonly { readonly version: string; readonly weight: number }[];
  readonly mirror?: { readonly version: string; readonly percent: number };
  readonly fault?: Fault;
}

/**
 * The intents of a change as one list of which the first that matches decides everything: in each dimension (`to`, `mirror`, `fault`)
 * the first intent that matches counts, so requests that satisfy intents of several dimensions get a rule of their own in front.
 * Shares of 0 are left out. Refuses (`matches-meet`) where no one match can hold the conditions of two.
 */
export function composeIntents(intents: readonly Intent[]): Result<readonly ComposedIntent[]> {
  const dimensions = [
    intents.flatMap((intent) => ('to' in intent ? [composed(intent.match, { to: intent.to.filter(({ weight }) => weight > 0) })] : [])),
    intents.flatMap((intent) => ('mirror' in intent ? [composed(intent.match, { mirror: intent.mirror })] : [])),
    intents.flatMap((intent) => ('fault' in intent ? [composed(intent.match, { fault: intent.fault })] : [])),
  ];
  let all: readonly ComposedIntent[] = [EVERYTHING];
  for (const dimension of dimensions) {
    const next: ComposedIntent[] = [];
    for (const one of all) {
      for (const other of [...dimension, EVERYTHING]) {
        const match = joinLists(one.match, other.match);
        if ('refused' in match) return match;
        if (match.ok.length > 0) next.push({ ...one, ...other, match: match.ok });
      }
    }
    all = next;
  }
  return ok(reachable(all.filter((one) => one.to !== undefined || one.mirror !== undefined || one.fault !== undefined)));
}

const EVERYTHING: ComposedIntent = { match: [{}] };

const composed = (match: readonly Match[], more: Omit<ComposedIntent, 'match'>): ComposedIntent => ({ match: orEvery(match), ...more });

/** Without the matches that earlier ones take whole. */
function reachable(list: readonly ComposedIntent[]): readonly ComposedIntent[] {
  const taken: Match[] = [];
  return list.flatMap((one) => {
    const match = one.match.filter((narrow) => !taken.some((wide) => matchImplies(narrow, wide)));
    taken.push(...match);
    return match.length === 0 ? [] : [{ ...one, match }];
  });
}

function joinLists(a: readonly Match[], b: readonly Match[]): Result<readonly Match[]> {
  const joined = new Map<string, Match>();
  for (const x of a) {
    for (const y of b) {
      const both = joinMatches(x, y);
      if (both === 'never') continue;
      if (both === 'unsayable') {
        return refuse(
          'matches-meet',
          `A request can satisfy both "${describeMatches([x])}" and "${describeMatches([y])}", and no one rule can ask for both`,
          'give the two conditions on headers, or let one have the path and the method of the other',
        );
      }
      joined.set(canonicalJson(both), both);
    }
  }
  return ok([...joined.values()]);
}

/** The match that just the requests satisfy which satisfy both; `never` where none can, `unsayable` where one match cannot hold it. */
export function joinMatches(a: Match, b: Match): Match | 'never' | 'unsayable' {
  if (matchExcludes(a, b)) return 'never';
  const path = narrower<PathMatch>(a.path, b.path, pathImplies);
  const [method, scheme, authority] = (['method', 'scheme', 'authority'] as const).map((name) =>
    narrower<Str>(a[name], b[name], strImplies),
  );
  if (path === 'unsayable' || method === 'unsayable' || scheme === 'unsayable' || authority === 'unsayable') return 'unsayable';
  const [headers, query] = [together(a.headers, b.headers), together(a.query, b.query)];
  return {
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(authority === undefined ? {} : { authority }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(query.length === 0 ? {} : { query }),
  };
}

function narrower<T>(a: T | undefined, b: T | undefined, implies: (narrow: T, wide: T) => boolean): T | undefined | 'unsayable' {
  if (a === undefined || b === undefined) return a ?? b;
  if (implies(a, b)) return a;
  return implies(b, a) ? b : 'unsayable';
}

const together = (a: readonly NamedMatch[] = [], b: readonly NamedMatch[] = []): readonly NamedMatch[] => [
  ...new Map([...a, ...b].map((one) => [canonicalJson(one), one])).values(),
];
