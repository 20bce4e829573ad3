import type { Decoded, MeshAdapter } from '../contracts/mesh-adapter.js';
import { describeMatch, describeMatches } from '../describe/describe-match.js';
import type { Change, ObjectEdit } from '../model/change.js';
import type { Match } from '../model/match.js';
import { refKey, refOf } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import { sameOwner } from '../model/owner.js';
import type { RouteTable, Rule } from '../model/table.js';
import { describeView } from '../model/view.js';
import { checkObject } from './check-object.js';
import { canonicalJson } from './content-hash.js';
import { ruleContent } from './decide.js';
import { isManaged } from './foreign-content.js';
import { leavingRules } from './leaving.js';
import { bothHold, matchExcludes, matchImplies, orEvery } from './overlap.js';
import { isForeign, withoutOwner } from './scope.js';
import { allObjects, seenObject } from './simulate.js';
import { type TablePair, tablePairs } from './table-pairs.js';

export interface StructureCheck {
  readonly failures: readonly string[];
  /** Rules of others that were compared, each once. */
  readonly foreignRules: number;
}

export interface Side {
  readonly seen: Observed;
  readonly decoded: Decoded;
}

/**
 * Foreign content of every edited object is as it was, and in order; so are the rules of others in every table; and each of our
 * rules matches at most what is declared and what the rule that it copies matches.
 */
export function checkStructure(
  change: Change,
  edits: readonly ObjectEdit[],
  adapter: Pick<MeshAdapter, 'owned'>,
  before: Side,
  after: Side,
): StructureCheck {
  const objects = edits.flatMap((edit) => checkObject(edit, seenObject(before.seen, edit.ref), change.owner, adapter));
  const managed = new Set([before, after].flatMap(({ seen }) => allObjects(seen).filter(isManaged)).map((object) => refKey(refOf(object))));
  const pairs = tablePairs(before.decoded.tables, after.decoded.tables, () => true);
  const others = withoutOwner(change.owner);
  const compared = new Set(pairs.flatMap(({ before: table }) => (table === undefined ? [] : table.rules.filter(others).map(ruleKey))));
  const leaving = leavingRules(change, edits, before.seen);
  const same = (pair: TablePair) => (pair.before?.rules.some(leaving) === true ? [] : checkOrder(pair, change, managed));
  const inTables = pairs.flatMap((pair) => [...same(pair), ...checkMatches(pair, change)]);
  return { failures: [...objects, ...new Set(inTables)], foreignRules: compared.size };
}

/** A rule that somebody wrote is one, whatever ports, hosts and callers it holds for. */
const ruleKey = ({ origins, label, match }: Rule): string =>
  canonicalJson(origins.length === 0 ? { label, match } : origins.map(({ ref, pointer }) => [refKey(ref), pointer]));

/**
 * The rules of others, but for those in objects of ours: either they are word for word the rules that they stand for, in their places, or
 * they are catch-alls for what no rule decides, which come and go with those objects.
 */
function checkOrder({ before, after }: TablePair, change: Change, managed: ReadonlySet<string>): readonly string[] {
  const others = withoutOwner(change.owner);
  const ours = (rule: Rule) => isForeign(rule) && rule.origins.length > 0 && rule.origins.every(({ ref }) => managed.has(refKey(ref)));
  const table = before ?? after;
  if (table === undefined) return [];
  const contents = (side: RouteTable | undefined, counts: (rule: Rule) => boolean) =>
    (side?.rules ?? []).filter((rule) => others(rule) && counts(rule)).map((rule) => ruleContent(table, rule));
  if (canonicalJson(contents(before, () => true)) === canonicalJson(contents(after, () => true))) return [];
  const [from, to] = [contents(before, (rule) => !ours(rule)), contents(after, (rule) => !ours(rule))];
  const at = from.findIndex((content, index) => content !== to[index]);
  if (at < 0 && from.length === to.length) return [];
  const where = `${describeView(table.view)}, port ${table.port}, ${table.domains[0] ?? 'no domain'}`;
  return [
    `Rules of others would not be the same in the table of ${where}: ${from.length} before, ${to.length} after, differing from number ${(at < 0 ? from.length : at) + 1}`,
  ];
}

/** Each match of ours is declared, and lies within a match of others or comes where none of theirs decides any more. */
function checkMatches({ before, after }: TablePair, change: Change): readonly string[] {
  const rules = after?.rules ?? [];
  const own = rules.flatMap((rule, index) => (sameOwner(rule.owner, change.owner) ? [{ rule, index }] : []));
  if (own.length === 0) return [];
  if (change.intents.length === 0) return own.map(({ rule }) => `Our rule for "${describeMatches(rule.match)}" would still be there`);
  const declared = change.intents.flatMap(({ match }) => orEvery(match));
  // Afterwards, so that a catch-all that stands for the implicit route counts; that the others are the same is checked beside.
  const foreign = rules.filter(isForeign).flatMap(({ match }) => orEvery(match));
  const failures: string[] = [];
  let last = 0;
  for (const { rule, index } of own) {
    for (const match of orEvery(rule.match)) {
      const name = `Our rule for "${describeMatch(match)}"`;
      if (!declared.some((wide) => matchImplies(match, wide))) failures.push(`${name} would match more than is declared`);
      // Copies stand in the order of what they copy, so the search goes on from the last find.
      const found = findFrom(foreign, last, (wide) => matchImplies(match, wide));
      last = found ?? last;
      if (found !== undefined) continue;
      const taken = own.filter((earlier) => earlier.index < index).flatMap((earlier) => orEvery(earlier.rule.match));
      // What a foreign rule that comes later would get may only be what a copy of it took before.
      const meets = rules
        .slice(index + 1)
        .some((other) => isForeign(other) && !orEvery(other.match).every((theirs) => passes(match, theirs, taken)));
      if (meets || !endsOpen(before)) failures.push(`${name} would match more than any rule that it can be a copy of`);
    }
  }
  return failures;
}

function passes(ours: Match, theirs: Match, taken: readonly Match[]): boolean {
  return matchExcludes(ours, theirs) || taken.some((wide) => matchImplies(bothHold(ours, theirs), wide));
}

/** Whether what no rule matches may be the service's: by its implicit route, or a 404 in place of it. */
function endsOpen(table: RouteTable | undefined): boolean {
  return table === undefined || (typeof table.otherwise === 'object' && ('to' in table.otherwise || 'status' in table.otherwise));
}

function findFrom<T>(items: readonly T[], start: number, test: (item: T) => boolean): number | undefined {
  for (let step = 0; step < items.length; step += 1) {
    const index = (start + step) % items.length;
    const item = items[index];
    if (item !== undefined && test(item)) return index;
  }
  return undefined;
}
