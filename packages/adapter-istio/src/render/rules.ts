import { canonicalJson, type RouteTable, type Rule } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { RESERVED_PREFIX } from '../owned/rule-name.js';
import { bodyFor, ownDestination } from './actions.js';
import { type Section, withSources } from './callers.js';
import type { Sending } from './destinations.js';
import { type Draft, interleaved, isEnd, tidied, withoutNeedless } from './interleave.js';
import type { Lose, Losses, Place } from './losses.js';
import { isEvery, LEFT_OUT, writtenMatches } from './matches.js';

export interface Writing {
  readonly place: Omit<Place, 'tables'>;
  readonly sending: Sending;
  readonly losses: Losses;
}

/** The HTTP rules of a port's sections, in one list. */
export function httpRules(sections: readonly Section[], writing: Writing): readonly Raw[] {
  const own = ownRoute(writing);
  const items = tidied(interleaved(sections.map((section) => ({ sources: section.sources, drafts: draftsOf(section, own, writing) }))));
  return withoutNeedless(items, { own: own.body, notFound: NOT_FOUND.body }).map(({ name, matches, body, sources }) => {
    const match = withSources(matches, sources);
    return { ...(name === undefined ? {} : { name }), ...(match.length === 0 ? {} : { match }), ...body };
  });
}

/** A request that nothing is asked of. */
const ANY = { raw: {}, path: undefined, asked: undefined };

const ownRoute = ({ sending }: Writing): Draft => ({
  matches: [],
  body: bodyFor({ action: { to: ownDestination(sending) } }, ANY, sending, () => undefined),
});

const NOT_FOUND: Draft = { matches: [], body: { directResponse: { status: 404 } } };

function draftsOf({ tables }: Section, own: Draft, { place, sending, losses }: Writing): readonly Draft[] {
  const [table] = tables;
  if (table === undefined) return [own];
  const at = (rule?: number): Lose => {
    const here = { ...place, tables, ...(rule === undefined ? {} : { rule }) };
    return (code, message, instead) => losses.add(here, code, message, instead);
  };
  const asked = new Set<string>();
  const drafts: Draft[] = [];
  for (const [index, rule] of table.rules.entries()) {
    drafts.push(...draftsOfRule(rule, asked, sending, at(index)));
    if (drafts.some(isEnd)) return drafts;
  }
  return [...drafts, isNotFound(table) ? NOT_FOUND : { matches: [], body: bodyFor({ action: table.otherwise }, ANY, sending, at()) }];
}

const isNotFound = ({ otherwise }: RouteTable): boolean =>
  typeof otherwise === 'object' && 'status' in otherwise && otherwise.status === 404;

/** `asked`: the matches so far; what one of them takes reaches none of the same kind any more. */
function draftsOfRule(rule: Rule, asked: Set<string>, sending: Sending, lose: Lose): readonly Draft[] {
  const { conditions, others } = opaqueIn(rule);
  if (conditions.length > 0) {
    lose('opaque', `the rule depends on ${conditions.join(', ')}, which Istio cannot ask; ${LEFT_OUT}`);
    return [];
  }
  for (const what of others) lose('opaque', `${what} cannot be carried over and is left out`);
  const named = nameOf(rule);
  const drafts: Draft[] = [];
  for (const match of writtenMatches(rule.match, sending.env, lose)) {
    const { name: _name, ...conditions } = match.raw;
    const key = canonicalJson(conditions);
    if (asked.has(key)) continue;
    asked.add(key);
    const body = bodyFor(rule, match, sending, lose);
    if (isEvery(match.raw)) return [...drafts, { ...named, matches: [], body }];
    drafts.push({ ...named, matches: [match.raw], body });
  }
  return drafts;
}

/** What stands in the way may be a condition, so that only what names an effect can be left out of a rule without widening it. */
function opaqueIn({ opaque = {} }: Rule): { readonly conditions: readonly string[]; readonly others: readonly string[] } {
  const isEffect = (what: string) => what.startsWith('fault.');
  const names = Object.keys(opaque);
  return { conditions: names.filter((what) => !isEffect(what)), others: names.filter(isEffect) };
}

/** A rule's name, or that of an object which is one rule. A place in an object is no name that somebody gave. */
function nameOf({ origins }: Rule): { readonly name?: string } {
  const origin = origins.at(-1);
  const name = origin?.name ?? (origin?.pointer === '/spec' ? origin.ref.name : '');
  return name === '' || name.startsWith(RESERVED_PREFIX) || origin?.pointer.split('/').includes(name) === true ? {} : { name };
}
