import type { Decoded } from '../contracts/mesh-adapter.js';
import { describeRule } from '../describe/describe-rule.js';
import type { Change, Note } from '../model/change.js';
import type { ObjectRef } from '../model/object.js';
import { sameOwner } from '../model/owner.js';
import type { RouteTable, Rule } from '../model/table.js';
import { describeView } from '../model/view.js';
import type { EffectCheck } from './check-effect.js';
import { canonicalJson } from './content-hash.js';
import { groupBy } from './group-by.js';
import { matchImplies, orEvery } from './overlap.js';
import { isForeign } from './scope.js';

/**
 * What a plan should say beside its effects: rules of users that rest from now on, while ours stand; what decode found wrong; limits.
 * `isOurs`: objects that heddle made, whose catch-alls are no rules of users.
 */
export function planNotes(
  change: Change,
  before: Decoded,
  after: Decoded,
  effect: EffectCheck,
  isOurs: (ref: ObjectRef) => boolean,
): readonly Note[] {
  const known = new Set(before.problems.map((problem) => canonicalJson(problem)));
  const rested = new Set(before.tables.flatMap((table) => unreached(table, change, isOurs)).map(canonicalJson));
  return unique([
    ...restNotes(after.tables.flatMap((table) => unreached(table, change, isOurs)).filter((one) => !rested.has(canonicalJson(one)))),
    ...after.problems.filter((problem) => !known.has(canonicalJson(problem))),
    ...effect.uncovered.map((message) => ({ code: 'uncovered', message: `Rules of others count again once ours are gone: ${message}` })),
    ...effect.unwitnessed.map((message) => ({ code: 'unwitnessed', message })),
    ...(effect.cut === 0
      ? []
      : [
          {
            code: 'witness-limit',
            message: `The check stopped at ${effect.witnesses} requests: not every value of every condition was tried`,
          },
        ]),
  ]);
}

/** A rule of a user that rests while ours stand. */
interface Resting {
  readonly callers: string;
  readonly rule: string;
  readonly ref?: ObjectRef;
}

/** Rules named in one note; more are counted. */
const NAMED = 3;

/** One note for the rules of an object that rest for the same callers. */
function restNotes(resting: readonly Resting[]): readonly Note[] {
  const objects = groupBy(resting, ({ ref, callers }) => canonicalJson([ref, callers]));
  const same = groupBy([...objects.values()], (rules) => canonicalJson([rules[0]?.ref, rules.map(({ rule }) => rule)]));
  return [...same.values()].flatMap((everywhere) => {
    const [[first, ...others] = []] = everywhere;
    if (first === undefined) return [];
    const callers = everywhere.map(([one]) => one?.callers).join(', or by ');
    const rules = [...new Set([first, ...others].map(({ rule }) => rule))];
    const more = rules.length - NAMED;
    const [what, are] = rules.length === 1 ? ['this rule', 'is'] : [`${rules.length} rules`, 'are'];
    const quoted = rules.slice(0, NAMED).map((rule) => (rules.length === 1 ? rule : `“${rule}”`));
    const named = [...quoted, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
    const message = `While ours stand, ${what} ${are} not reached by ${callers}: ${named}`;
    return [{ code: 'unreached', message, ...(first.ref === undefined ? {} : { ref: first.ref }) }];
  });
}

/** Rules of users that one of ours hides whole, and that were reached without it. */
function unreached(table: RouteTable, change: Change, isOurs: (ref: ObjectRef) => boolean): readonly Resting[] {
  const declared = change.intents.flatMap(({ match }) => orEvery(match));
  const hidden = (rule: Rule, hiders: readonly Rule[]) =>
    orEvery(rule.match).every((narrow) => hiders.some((hider) => orEvery(hider.match).some((wide) => matchImplies(narrow, wide))));
  return table.rules.flatMap((rule, index) => {
    // What ours hides is within what is declared: a cheap question that most rules answer with no.
    if (!isForeign(rule) || !orEvery(rule.match).every((narrow) => declared.some((wide) => matchImplies(narrow, wide)))) return [];
    const earlier = table.rules.slice(0, index);
    const ours = earlier.filter(({ owner }) => sameOwner(owner, change.owner));
    if (ours.length === 0) return [];
    if (hidden(rule, earlier.filter(isForeign)) || !hidden(rule, ours)) return [];
    const [origin] = rule.origins;
    if (origin !== undefined && isOurs(origin.ref)) return [];
    const callers = `${describeView(table.view)} on port ${table.port}`;
    return [{ callers, rule: describeRule(rule), ...(origin === undefined ? {} : { ref: origin.ref }) }];
  });
}

const unique = (notes: readonly Note[]) => [...new Map(notes.map((note) => [canonicalJson(note), note])).values()];
