import { describeMatches } from '../describe/describe-match.js';
import type { Match } from '../model/match.js';
import { describeRef, refKey } from '../model/object.js';
import type { Origin, RouteTable, Rule } from '../model/table.js';
import { matchImplies, orEvery } from '../plan/overlap.js';
import { isEveryPath } from '../plan/overlap-path.js';
import { type Finding, finding } from './finding.js';

/** A rule as it stands in its object: the same in every table that it is compiled into. */
interface Stated {
  readonly origin: Origin;
  /** Earlier rules that take all of its requests, in each table so far; `undefined` once some table lets one through. */
  takenBy: readonly Rule[] | undefined;
}

/**
 * Rules that no request reaches, since earlier ones take all that they match, in every table that they are in. Rules of heddle's own do
 * not count on either side: they come and go. `order`: how the mesh orders rules, where it is not as they are written.
 */
export function unreachedRules(tables: readonly RouteTable[], order?: string): readonly Finding[] {
  const stated = new Map<string, Stated>();
  for (const { rules } of tables) {
    const earlier = earlierMatches();
    for (const rule of rules) {
      if (rule.owner !== 'foreign') continue;
      const taken = orEvery(rule.match).map((match) => earlier.taking(match));
      const takenBy = taken.every((one) => one !== undefined) ? [...new Set(taken)] : undefined;
      note(stated, rule, takenBy);
      if (rule.opaque === undefined) earlier.add(rule);
    }
  }
  return [...stated.values()].flatMap(({ origin, takenBy }) => (takenBy === undefined ? [] : [unreached(origin, takenBy, order)]));
}

function note(stated: Map<string, Stated>, rule: Rule, takenBy: readonly Rule[] | undefined): void {
  const origin = rule.origins.at(-1);
  if (origin === undefined) return;
  const key = rule.origins.map(({ ref, pointer }) => `${refKey(ref)}#${pointer}`).join(' ');
  const known = stated.get(key);
  if (known === undefined) stated.set(key, { origin, takenBy });
  else if (takenBy === undefined) known.takenBy = undefined;
}

function unreached({ ref, pointer, index, name }: Origin, by: readonly Rule[], order: string | undefined): Finding {
  const others = by.map((rule) => {
    const other = rule.origins.at(-1);
    const at =
      other === undefined ? 'a rule' : `${ruleName(other)}${refKey(other.ref) === refKey(ref) ? '' : ` of ${describeRef(other.ref)}`}`;
    return `${at} (${describeMatches(rule.match)})`;
  });
  const verbs = others.length === 1 ? 'is tried before it and takes' : 'are tried before it and take';
  const text = `${ruleName({ index, ...(name === undefined ? {} : { name }) })} is never reached: ${others.join(' and ')} ${verbs} all of its requests`;
  return finding('warning', 'rule-unreached', ref, `${text}${order === undefined ? '' : `; ${order}`}`, {
    pointer,
    fix: order === undefined ? 'put it before that rule, or take it out' : 'give it conditions that rank higher, or take it out',
  });
}

export const ruleName = ({ index, name }: Pick<Origin, 'index' | 'name'>): string =>
  name === undefined ? `rule ${index + 1}` : `rule ${name}`;

/** Matches met so far, kept by the texts that their paths begin with: a table of thousands is not compared pair by pair. */
function earlierMatches() {
  const byHead = new Map<string, [Match, Rule][]>();
  const anyPath: [Match, Rule][] = [];
  const within = (found: readonly [Match, Rule][] | undefined, narrow: Match) => found?.find(([wide]) => matchImplies(narrow, wide))?.[1];
  return {
    add: (rule: Rule): void => {
      for (const match of orEvery(rule.match)) {
        const head = headOf(match);
        if (head === undefined) anyPath.push([match, rule]);
        else byHead.set(head, [...(byHead.get(head) ?? []), [match, rule]]);
      }
    },
    taking: (narrow: Match): Rule | undefined => {
      const found = within(anyPath, narrow);
      if (found !== undefined) return found;
      const { path } = narrow;
      if (path === undefined) return undefined;
      // What contains a path condition begins as it does; of a regular expression the beginning is not known here.
      if (path.kind === 'regex') return [...byHead.values()].map((some) => within(some, narrow)).find((rule) => rule !== undefined);
      const text = path.value.toLowerCase();
      for (let length = 0; length <= text.length; length += 1) {
        const rule = within(byHead.get(text.slice(0, length)), narrow);
        if (rule !== undefined) return rule;
      }
      return undefined;
    },
  };
}

/** `undefined`: it may contain any path condition. */
function headOf({ path }: Match): string | undefined {
  if (path === undefined || path.kind === 'regex' || isEveryPath(path)) return undefined;
  return (path.kind === 'segmentPrefix' && path.value.endsWith('/') ? path.value.slice(0, -1) : path.value).toLowerCase();
}
