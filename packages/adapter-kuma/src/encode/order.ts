import {
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
  /** Whether a rule sends to what the change asks for. */
  readonly isTaken: (rule: Rule) => boolean;
}

/**
 * Why the rules of one table are not in the order that an owner's rules need, if they are not. Where the mesh orders rules by how
 * specific they are, that order cannot always be had.
 */
export function misplaced(rules: readonly Rule[], check: OrderCheck): ReturnType<typeof refuse> | undefined {
  const own = rules.flatMap((rule, index) => (sameOwner(rule.owner, check.owner) ? [{ rule, index }] : []));
  for (const ours of own) {
    const found = wrongBeside(ours, rules, check) ?? wrongCopy(ours, rules, check);
    if (found !== undefined) return found;
  }
  return undefined;
}

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
    if (both !== undefined) return refuseOrder(both, nameOf(first, owner), nameOf(second, owner));
  }
  return undefined;
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
function isCopyOf(copy: Rule, original: Rule | undefined, { leadsHere, isTaken }: OrderCheck): boolean {
  const beside = (rule: Rule | undefined) => canonicalJson([rule?.rewrite, rule?.headers, rule?.timeoutMs, rule?.retry, rule?.opaque]);
  if (beside(copy) !== beside(original)) return false;
  if (original === undefined || leadsHere(original)) return isTaken(copy);
  return canonicalJson([copy.action, copy.mirrors]) === canonicalJson([original.action, original.mirrors]);
}

function originalOf(rule: Rule, foreign: readonly At[]): number {
  const contains = (other: Rule) => orEvery(rule.match).every((x) => orEvery(other.match).some((y) => matchImplies(x, y)));
  const found = foreign.findIndex((one) => contains(one.rule));
  return found < 0 ? foreign.length : found;
}

const refuseOrder = (both: Match, first: string, second: string): ReturnType<typeof refuse> =>
  refuse(
    'specificity',
    `Requests that satisfy "${describeMatches([both])}" would be decided by ${first}, which comes before ${second} because Kuma takes it for as specific or more so`,
    'match on more, or on headers alone',
  );

/** What an owner may decide, the stronger first: sessions, older ones before younger, then standing routes, then users' rules. */
function isStronger(a: Owner | 'foreign', b: Owner | 'foreign'): boolean {
  const [x, y] = [rank(a), rank(b)];
  return x < y || (x === y && a !== 'foreign' && b !== 'foreign' && a.kind === 'session' && a.id < b.id);
}

const rank = (owner: Owner | 'foreign'): number => (owner === 'foreign' ? 2 : owner.kind === 'session' ? 0 : 1);

/** What satisfies both and none of the rules before. A match holds one path and one method, so both ways to join two are tried. */
function meetings(a: Rule, b: Rule, before: readonly Rule[]): readonly Match[] {
  const isTaken = (both: Match) => before.some((rule) => orEvery(rule.match).some((wide) => matchImplies(both, wide)));
  return orEvery(a.match).flatMap((x) =>
    orEvery(b.match).flatMap((y) => {
      if (matchExcludes(x, y) || isTaken(bothHold(x, y)) || isTaken(bothHold(y, x))) return [];
      return [bothHold(x, y)];
    }),
  );
}

function nameOf(rule: Rule | undefined, owner: Owner): string {
  if (rule === undefined) return 'what no rule decides';
  if (rule.owner === 'foreign') return rule.label ?? 'a rule of others';
  if (sameOwner(rule.owner, owner)) return 'ours';
  return `the rule of ${rule.owner.kind === 'session' ? 'session' : 'the standing route'} ${rule.owner.id}`;
}
