import { collectResults, type MeshEnvironment, type Note, ok, type Result, refuse } from '@heddle/core';
import { type Raw, record, records } from '../decode/raw.js';
import { conjoin } from './conjoin.js';
import { copyRule } from './copy-rule.js';
import type { EffectiveRule } from './delegates.js';
import { carriedHeaders } from './destination-headers.js';
import { mixedDestinations, otherShares } from './mixed-destinations.js';
import { passing } from './precedence.js';
import type { Piece } from './relation.js';
import { overlap } from './restrict.js';
import type { Exposed, Site } from './site.js';
import type { Wanted } from './wanted.js';

export interface CopyContext {
  readonly site: Site;
  readonly exposed: Exposed;
  readonly env: MeshEnvironment;
  /** Rules that the original stands behind and that a copy of it has to come before. */
  readonly earlier: readonly Raw[];
}

export interface Copies {
  readonly rules: readonly Raw[];
  readonly notes: readonly Note[];
  /** Whether the original decides for others as well. */
  readonly shared: boolean;
}

/** A foreign rule that decides for the service, for the requests that one intent is about; none where these never meet. */
export function copiesOf(effective: EffectiveRule, pieces: readonly Piece[], want: Wanted, context: CopyContext): Result<Copies> {
  const { rule, where } = effective;
  const { site, exposed, env } = context;
  const taken = collectResults(
    distinct(pieces, want).map((piece) => {
      const matches = matchesOf(effective, piece, want, context);
      return 'refused' in matches ? matches : ok({ piece, matches: matches.ok });
    }),
  );
  if ('refused' in taken) return taken;
  const some = taken.ok.filter(({ matches }) => matches === 'all' || matches.length > 0);
  if (some.length === 0) return ok({ rules: [], notes: [], shared: false });
  const others = otherShares(rule, site, exposed, env);
  const ports = ambiguous(some.map(({ piece }) => piece)) ? ambiguity(where) : ok(undefined);
  const mixed = mixedDestinations(where, others, want);
  const carried = carriedHeaders(rule, where, want, site, exposed, env);
  if ('refused' in ports || 'refused' in mixed || 'refused' in carried) {
    return { refused: [ports, mixed, carried].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])) };
  }
  const { headers } = carried.ok;
  return ok({
    rules: some.map(({ piece, matches }) => copyRule(rule, matches === 'all' ? undefined : matches, want, piece.port, headers)),
    notes: [...mixed.ok, ...carried.ok.notes],
    shared: others.length > 0,
  });
}

/** The port of a piece counts only for what is written anew. */
function distinct(pieces: readonly Piece[], { to, mirror }: Wanted): readonly Piece[] {
  if (to !== undefined || mirror !== undefined) return pieces;
  return [...new Map(pieces.map((piece) => [JSON.stringify(piece.restrict), piece])).values()];
}

/** `all`: of a rule without a match, which the copy then needs none of either. */
function matchesOf(effective: EffectiveRule, piece: Piece, want: Wanted, context: CopyContext): Result<readonly Raw[] | 'all'> {
  const { site, env, earlier } = context;
  const { rule, where } = effective;
  const own = records(rule.match);
  const { uri } = record(rule.rewrite);
  const rewritesMatchedPath = uri !== undefined && uri !== '';
  const conjoined = conjoin(own.length === 0 ? [{}] : own, piece.restrict, want, site, { where, rewritesMatchedPath });
  if ('refused' in conjoined) return conjoined;
  const matches = earlier.length === 0 ? conjoined : passing(conjoined.ok, effective, earlier, env);
  if ('refused' in matches) return matches;
  const [first, ...more] = matches.ok;
  const isAll = own.length === 0 && first !== undefined && more.length === 0 && Object.keys(first).length === 0;
  return ok(isAll ? 'all' : matches.ok);
}

/** Whether some requests of a rule may be for one port or another. */
function ambiguous(pieces: readonly Piece[]): boolean {
  return pieces.some((a, index) => pieces.slice(index + 1).some((b) => a.port !== b.port && overlap(a.restrict, b.restrict)));
}

const ambiguity = (where: string) =>
  refuse(
    'several-ports-in-rule',
    `${where} sends to several of the exposed ports, so it cannot be said which one a request is for`,
    'name one of the ports',
  );
