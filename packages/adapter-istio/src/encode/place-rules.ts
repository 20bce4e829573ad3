import { type MeshEnvironment, type Note, ok, type Refusal, type Result, refuse } from '@heddle/core';
import { type Raw, record, records } from '../decode/raw.js';
import type { Placed } from './arrange.js';
import { conjoin } from './conjoin.js';
import { copyRule, destinationHeaders, setsAuthority } from './copy-rule.js';
import { type EffectiveRule, itemOf } from './delegates.js';
import { endsTheList } from './filters.js';
import { mixedDestinations } from './mixed-destinations.js';
import { passing } from './precedence.js';
import { type Piece, type Relation, relationOf } from './relation.js';
import { overlap } from './restrict.js';
import type { Exposed, Site } from './site.js';
import { unmatchedRules } from './unmatched.js';
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
  for (const [index, item] of foreign.entries()) {
    if (ended) break;
    const { rules, delegated } = itemOf(item, index, site, env);
    // Rules that copies of later ones must stay behind: they cannot, where both come from one delegate.
    const earlier: Raw[] = [];
    for (const effective of rules) {
      if (ended) break;
      const { rule, where } = effective;
      ended = endsTheList(rule);
      const relation = relationOf(rule, site, exposed, env);
      if (relation === 'barrier') {
        earlier.push(rule);
        continue;
      }
      if (ambiguous(relation)) refused.push(...ambiguity(where));
      const headers = destinationHeaders(rule, standing ? 'any' : exposed.host, site.namespace, env);
      if (standing) {
        refused.push(...mixedDestinations(rule, where, wanted, site, exposed, env));
        if (headers === 'differ') refused.push(...differentHeaders(where));
      } else if (headers === 'differ') notes.push(droppedHeaders(where));
      else if (setsAuthority(headers) && destinationHeaders(rule, 'any', site.namespace, env) === 'differ')
        refused.push(...differentHeaders(where));
      const kept = headers === 'differ' ? undefined : headers;
      for (const [intent, want] of wanted.entries()) {
        for (const piece of relation.pieces) add(gap, copyOf(effective, piece, want, site, delegated ? earlier : [], env, kept), intent);
      }
      // It decides for other ports or another plane as well, where copies of later rules may match.
      if (relation.pieces.some((piece) => Object.keys(piece.restrict).length > 0)) earlier.push(rule);
    }
    if (earlier.length > 0) gap = index + 1;
  }
  for (const [intent, want] of wanted.entries()) {
    add(gap, unmatchedRules(site, want, exposed), intent);
  }
  if (refused.length > 0) return { refused };
  return { ok: { placed: drafts.toSorted((a, b) => a.gap - b.gap || a.intent - b.intent), notes } };
}

function copyOf(
  effective: EffectiveRule,
  piece: Piece,
  want: Wanted,
  site: Site,
  earlier: readonly Raw[],
  env: MeshEnvironment,
  headers: Raw | undefined,
): Result<readonly Raw[]> {
  const { rule, where } = effective;
  const own = records(rule.match);
  const { uri } = record(rule.rewrite);
  const rewritesMatchedPath = uri !== undefined && uri !== '';
  const conjoined = conjoin(own.length === 0 ? [{}] : own, piece.restrict, want, site, { where, rewritesMatchedPath });
  if ('refused' in conjoined) return conjoined;
  const matches = earlier.length === 0 ? conjoined : passing(conjoined.ok, effective, earlier, env);
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
