import {
  type Action,
  bothHold,
  canonicalJson,
  describeMatches,
  type Match,
  matchExcludes,
  matchImplies,
  type Owner,
  orEvery,
  type Rule,
  refuse,
  sameOwner,
} from '@heddle/core';

export interface OrderCheck {
  readonly owner: Owner;
  /** Whether a rule of a user's sends to the service that is taken over. */
  readonly leadsHere: (rule: Rule) => boolean;
  /** Whether a rule does with its requests what the change asks for, `beneath` being what becomes of them without it. */
  readonly isTreated: (rule: Rule, beneath: Beneath) => boolean;
  /** What becomes of requests that no rule decides. */
  readonly otherwise: Action;
  /** The matches of the change's intents, in the order in which they count. */
  readonly intents: readonly (readonly Match[])[];
}

export type Beneath = Pick<Rule, 'action' | 'mirrors'>;

/**
 * Why the rules of one table are not in the order that an owner's rules need, if they are not. Where the mesh orders rules by how
 * specific they are, that order cannot always be had.
 */
export function misplaced(rules: readonly Rule[], check: OrderCheck): ReturnType<typeof refuse> | undefined {
  const own = rules.flatMap((rule, index) => (sameOwner(rule.owner, check.owner) ? [{ rule, index }] : []));
  for (const ours of own) {
    const found = wrongBeside(ours, rules, check) ?? wrongIntent(ours, rules, check) ?? wrongCopy(ours, rules, check);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Matching = Pick<Rule, 'match'>;

interface At {
  readonly rule: Rule;
  readonly index: number;
}

/** A request that satisfies a rule of ours and one of somebody else's must be decided by the stronger of the two. */
function wrongBeside(ours: At, rules: readonly Rule[], { owner, leadsHere }: OrderCheck): ReturnType<typeof refuse> | undefined {
  for (const [index, theirs] of rules.entries()) {
    if (sameOwner(theirs.owner, owner) || (theirs.owner === 'foreign' && !leadsHere(theirs))) continue;
    const isFirst = index < ours.index;
    const [first, second] = isFirst ? [theirs, ours.rule] : [ours.rule, theirs];
    if (!isStronger(second.owner, first.owner)) continue;
    const taken = rules.slice(0, isFirst ? index : ours.index).filter((one) => sameOwner(one.owner, second.owner));
    const [both] = meetings(ours.rule, theirs, taken);
    if (both !== undefined) return refuseOrder(both, nameOf(first, owner), nameOf(second, owner), insteadOf(owner, second.owner));
  }
  return undefined;
}

/** What an earlier intent is for must not come to a rule for a later one, unless that sends it on as it was. */
function wrongIntent(ours: At, rules: readonly Rule[], check: OrderCheck): ReturnType<typeof refuse> | undefined {
  const at = intentOf(ours.rule, check.intents);
  if (at === 0) return undefined;
  const original = rules.filter(({ owner }) => owner === 'foreign').find((one) => contains(one, ours.rule));
  if (original !== undefined && !check.leadsHere(original)) return undefined;
  for (const match of check.intents.slice(0, at)) {
    const [both] = meetings(ours.rule, { match }, rules.slice(0, ours.index));
    if (both !== undefined) return refuseOrder(both, 'a route for other requests', 'the one for these', 'match on headers alone in both');
  }
  return undefined;
}

/** The first that a rule is for. */
export function intentOf({ match }: Pick<Rule, 'match'>, intents: readonly (readonly Match[])[]): number {
  const at = intents.findIndex((intent) => orEvery(match).every((narrow) => orEvery(intent).some((wide) => matchImplies(narrow, wide))));
  return at < 0 ? intents.length : at;
}

/** What a copy takes must be what its original decides today, and no better rule of a user's. */
function wrongCopy(ours: At, rules: readonly Rule[], check: OrderCheck): ReturnType<typeof refuse> | undefined {
  const { owner } = check;
  const foreign = rules.flatMap((rule, index) => (rule.owner === 'foreign' ? [{ rule, index }] : []));
  const earlier = rules.slice(0, ours.index);
  const taken = earlier.filter((one) => sameOwner(one.owner, owner));
  const [all] = meetings(ours.rule, ours.rule, earlier);
  // Never asked, as its original never is.
  if (all === undefined) return undefined;
  const at = originalOf(ours.rule, foreign);
  const original = foreign[at]?.rule;
  if (!isCopyOf(ours.rule, original, check)) return refuseOrder(all, 'the copy of another rule', `the copy of ${nameOf(original, owner)}`);
  const better = foreign.slice(0, at).filter(({ index }) => index > ours.index);
  for (const { rule } of better) {
    const [both] = meetings(ours.rule, rule, taken);
    if (both !== undefined) return refuseOrder(both, `the copy of ${nameOf(original, owner)}`, nameOf(rule, owner));
  }
  return undefined;
}

/** Does what the rule does beside where it sends; and sends where it does, or, if that is the service, to what stands in for it. */
function isCopyOf(copy: Rule, original: Rule | undefined, { leadsHere, isTreated, otherwise }: OrderCheck): boolean {
  const beside = (rule: Rule | undefined) => canonicalJson([rule?.rewrite, rule?.headers, rule?.timeoutMs, rule?.retry, rule?.opaque]);
  if (beside(copy) !== beside(original)) return false;
  if (original === undefined || leadsHere(original)) return isTreated(copy, original ?? { action: otherwise });
  return canonicalJson([copy.action, copy.mirrors]) === canonicalJson([original.action, original.mirrors]);
}

function originalOf(rule: Rule, foreign: readonly At[]): number {
  const found = foreign.findIndex((one) => contains(one.rule, rule));
  return found < 0 ? foreign.length : found;
}

const contains = (wide: Rule, narrow: Rule): boolean =>
  orEvery(narrow.match).every((x) => orEvery(wide.match).some((y) => matchImplies(x, y)));

const refuseOrder = (
  both: Match,
  first: string,
  second: string,
  instead = 'match on more, or on headers alone',
): ReturnType<typeof refuse> =>
  refuse(
    'specificity',
    `Requests that satisfy "${describeMatches([both])}" would be decided by ${first}, which comes before ${second} because Kuma takes it for as specific or more so`,
    instead,
  );

/** A session that starts beside a route asks for what satisfies both; one that runs does not. */
function insteadOf(owner: Owner, second: Owner | 'foreign'): string | undefined {
  if (owner.kind !== 'route' || second === 'foreign' || second.kind !== 'session') return undefined;
  return `match on headers alone, or end session ${second.id} and start it again when the route is there`;
}

/** What an owner may decide, the stronger first: sessions, older ones before younger, then standing routes, then users' rules. */
export function isStronger(a: Owner | 'foreign', b: Owner | 'foreign'): boolean {
  const [x, y] = [rank(a), rank(b)];
  return x < y || (x === y && a !== 'foreign' && b !== 'foreign' && a.kind === 'session' && a.id < b.id);
}

const rank = (owner: Owner | 'foreign'): number => (owner === 'foreign' ? 2 : owner.kind === 'session' ? 0 : 1);

/** What satisfies both and none of the rules before. A match holds one path and one method, so both ways to join two are tried. */
function meetings(a: Matching, b: Matching, before: readonly Rule[]): readonly Match[] {
  const isTakenWhole = (both: Match) => before.some((rule) => orEvery(rule.match).some((wide) => matchImplies(both, wide)));
  const isTaken = (both: Match) => isTakenWhole(both) || inParts(both).every(isTakenWhole);
  return orEvery(a.match).flatMap((x) =>
    orEvery(b.match).flatMap((y) => {
      if (matchExcludes(x, y) || isTaken(bothHold(x, y)) || isTaken(bothHold(y, x))) return [];
      return [bothHold(x, y)];
    }),
  );
}

/** A prefix of segments is the path itself and what is below it, which a mesh may have in two rules. */
function inParts(match: Match): readonly Match[] {
  const { path } = match;
  if (path?.kind !== 'segmentPrefix') return [match];
  return [
    { ...match, path: { ...path, kind: 'exact' } },
    { ...match, path: { ...path, kind: 'rawPrefix', value: `${path.value}/` } },
  ];
}

function nameOf(rule: Rule | undefined, owner: Owner): string {
  if (rule === undefined) return 'what no rule decides';
  if (rule.owner === 'foreign') return rule.label ?? 'a rule of others';
  if (sameOwner(rule.owner, owner)) return 'ours';
  return `the rule of ${rule.owner.kind === 'session' ? 'session' : 'the standing route'} ${rule.owner.id}`;
}
