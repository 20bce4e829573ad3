import { type Match, type Owner, ownerKey, type Refusal, refusal } from '@heddle/core';
import { type Age, compareAges, compareMatches } from '../decode/precedence.js';
import { type Draft, whereIs } from './draft.js';
import { meet } from './meet.js';
import type { Site } from './site.js';

/**
 * Nobody chooses the order of rules here: the most specific match comes first. So it has to be looked at whether that is the order
 * that is needed. Refused where one of ours would come before a rule that must decide, or after one that must not.
 */
export function misplaced(drafts: readonly Draft[], site: Site, owner: Owner): readonly Refusal[] {
  return drafts.flatMap((one, index) => [
    ...takesFromOthers(one, drafts, site),
    ...takesFromEarlier(one, drafts.slice(0, index)),
    ...meetsOwners(one, site, owner),
  ]);
}

/** Of the matches of one change the first counts: a later one that does something else must not be more specific. */
function takesFromEarlier(one: Draft, earlier: readonly Draft[]): readonly Refusal[] {
  const others = earlier.filter(({ copied, wanted }) => copied === one.copied && wanted.deed !== one.wanted.deed);
  const taken = others.filter(({ match }) => compareMatches(one.match, match) < 0);
  return taken.some(({ match }) => mayMeet(one.match, match))
    ? [
        refusal('precedence', 'Of two standing routes the later one is more specific, so it would come first', {
          instead: 'give that one the earlier name',
        }),
      ]
    : [];
}

/** A copy may take what its original would get, and nothing of the rules that come before that one. */
function takesFromOthers(one: Draft, drafts: readonly Draft[], { foreign }: Site): readonly Refusal[] {
  const end = one.copied === undefined ? foreign.length : foreign.indexOf(one.copied);
  return foreign.slice(0, end).flatMap((before) => {
    if (compareMatches(one.match, before.match) >= 0 || !mayMeet(one.match, before.match)) return [];
    const copy = drafts.find(({ copied, wanted }) => copied === before && wanted === one.wanted);
    if (copy !== undefined && isBefore(copy, one, drafts)) return [];
    return [
      refusal(
        'precedence',
        `The declared conditions are more specific than those of ${whereIs(before)}, so its requests would be taken as well`,
        {
          instead: 'match on one header',
          ref: before.route.ref,
        },
      ),
    ];
  });
}

function isBefore(a: Draft, b: Draft, drafts: readonly Draft[]): boolean {
  const order = compareMatches(a.match, b.match);
  return order < 0 || (order === 0 && drafts.indexOf(a) < drafts.indexOf(b));
}

/** A route that is still to be created is the youngest. */
const NOT_YET: Age = { created: '9999-12-31T23:59:59Z', namespace: '', name: '' };

/** Where rules of two owners meet in one request, sessions come before standing routes, and older sessions before younger ones. */
function meetsOwners(one: Draft, { others, written = NOT_YET }: Site, owner: Owner): readonly Refusal[] {
  return others.flatMap((other) => {
    if (!mayMeet(one.match, other.match)) return [];
    const order = compareMatches(one.match, other.match) || compareAges(written, other.route);
    const first = comesFirst(owner, other.owner);
    if (first === undefined || first === order < 0) return [];
    const [winner, loser] = order < 0 ? ['These rules', ownerKey(other.owner)] : [`Rules of ${ownerKey(other.owner)}`, 'these'];
    return [
      refusal('precedence', `${winner} are more specific or older than those of ${loser} and would decide requests that are not theirs`, {
        instead: 'match on another value of the same header, or on fewer conditions',
        ref: other.route.ref,
      }),
    ];
  });
}

/** Whether rules of `a` must come before those of `b`; `undefined`: it does not matter. */
function comesFirst(a: Owner, b: Owner): boolean | undefined {
  if (a.kind !== b.kind) return a.kind === 'session';
  return a.kind === 'route' ? undefined : a.id < b.id;
}

const mayMeet = (a: Match, b: Match): boolean => meet(a, b) !== 'never';
