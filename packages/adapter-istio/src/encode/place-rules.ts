import { type MeshEnvironment, type Note, ok, type Refusal, type Result, refuse } from '@heddle/core';
import { type Raw, record, records } from '../decode/raw.js';
import type { Placed } from './arrange.js';
import { conjoin } from './conjoin.js';
import { copyRule, destinationHeaders } from './copy-rule.js';
import { endsTheList } from './filters.js';
import { mixedDestinations } from './mixed-destinations.js';
import { type Piece, type Relation, relationOf } from './relation.js';
import { overlap } from './restrict.js';
import type { Exposed, Site } from './site.js';
import { unmatchedRules } from './unmatched.js';
import { describeRule } from './virtual-service.js';
import type { Wanted } from './wanted.js';

export interface Placing {
  /** Rules without names, in order. */
  readonly placed: readonly Placed[];
  readonly notes: readonly Note[];
}

interface Draft extends Placed {
  readonly intent: number;
}

/**
 * One copy per foreign rule that decides requests to the service, in front of the block of such rules that it belongs to. A rule that
 * decides for others in between stays in front: behind it, a copy takes just what its original would have got.
 */
export function placeRules(
  site: Site,
  foreign: readonly Raw[],
  wanted: readonly Wanted[],
  exposed: Exposed,
  env: MeshEnvironment,
): Result<Placing> {
  const refused: Refusal[] = [];
  const notes: Note[] = [];
  const drafts: Draft[] = [];
  const add = (gap: number, outcome: Result<readonly Raw[]>, intent: number) => {
    if ('refused' in outcome) refused.push(...outcome.refused);
    else drafts.push(...outcome.ok.map((rule) => ({ gap, rule, intent })));
  };
  const standing = wanted.some(({ kind }) => kind === 'route');
  let gap = 0;
  let ended = false;
  for (const [index, rule] of foreign.entries()) {
    if (ended) break;
    ended = endsTheList(rule);
    const relation = relationOf(rule, site, exposed, env);
    if (relation === 'barrier') {
      gap = index + 1;
      continue;
    }
    const where = describeRule(site.object, rule, index);
    if (ambiguous(relation)) refused.push(...ambiguity(where));
    const headers = destinationHeaders(rule, standing ? 'any' : exposed.host, site.namespace, env);
    if (standing) {
      refused.push(...mixedDestinations(rule, where, wanted, site, exposed, env));
      if (headers === 'differ') refused.push(...differentHeaders(where));
    } else if (headers === 'differ') notes.push(droppedHeaders(where));
    const kept = headers === 'differ' ? undefined : headers;
    for (const [intent, want] of wanted.entries()) {
      for (const piece of relation.pieces) add(gap, copyOf(rule, piece, want, site, where, kept), intent);
    }
    // It decides for other ports or another plane as well, where copies of later rules may match.
    if (relation.pieces.some((piece) => Object.keys(piece.restrict).length > 0)) gap = index + 1;
  }
  for (const [intent, want] of wanted.entries()) {
    add(gap, unmatchedRules(site, want, exposed), intent);
  }
  if (refused.length > 0) return { refused };
  return { ok: { placed: drafts.toSorted((a, b) => a.gap - b.gap || a.intent - b.intent), notes } };
}

function copyOf(rule: Raw, piece: Piece, want: Wanted, site: Site, where: string, headers: Raw | undefined): Result<readonly Raw[]> {
  const own = records(rule.match);
  const { uri } = record(rule.rewrite);
  const rewritesMatchedPath = uri !== undefined && uri !== '';
  const matches = conjoin(own.length === 0 ? [{}] : own, piece.restrict, want, site, { where, rewritesMatchedPath });
  if ('refused' in matches) return matches;
  const [first, ...more] = matches.ok;
  if (first === undefined) return ok([]);
  const everything = own.length === 0 && more.length === 0 && Object.keys(first).length === 0;
  return ok([copyRule(rule, everything ? undefined : matches.ok, want, piece.port, headers)]);
}

/** Whether some requests of a rule may be for one port or another. */
function ambiguous({ pieces }: Exclude<Relation, string>): boolean {
  return pieces.some((a, index) => pieces.slice(index + 1).some((b) => a.port !== b.port && overlap(a.restrict, b.restrict)));
}

const ambiguity = (where: string): readonly Refusal[] =>
  refuse(
    'several-ports-in-rule',
    `${where} sends to several of the exposed ports, so it cannot be said which one a request is for`,
    'name one of the ports',
  ).refused;

const differentHeaders = (where: string): readonly Refusal[] =>
  refuse(
    'destination-headers',
    `${where} changes headers differently for each destination, so it cannot be said which changes are for which version`,
    'give that rule header changes of its own instead of its destinations',
  ).refused;

const droppedHeaders = (where: string): Note => ({
  code: 'destination-headers-not-copied',
  message: `${where} changes headers differently for each destination; requests of the session get none of these changes`,
});
