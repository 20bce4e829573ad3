import type { MeshEnvironment, Note, Refusal } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import type { Placed } from './arrange.js';
import type { Condition } from './condition.js';
import { copyRule, destinationHeaders, plainRule, type ShadowDestination } from './copy-rule.js';
import { restOf } from './coverage.js';
import { endsTheList } from './filters.js';
import { intersect } from './intersect.js';
import { type Outcome, refuse } from './outcome.js';
import { isOwnObject } from './own-object.js';
import { type Piece, planeOf, type Relation, relationOf } from './relation.js';
import { restrict } from './restrict.js';
import { type Exposed, isOwnTable, type Site } from './site.js';
import { describeRule, gatewaysOf } from './virtual-service.js';

/** One intent, ready to be written: any of the conditions, and the host that stands in for the service. */
export interface Wanted {
  readonly conditions: readonly Condition[];
  readonly host: string;
}

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
): Outcome<Placing> {
  const refused: Refusal[] = [];
  const notes: Note[] = [];
  const drafts: Draft[] = [];
  const add = (gap: number, outcome: Outcome<Raw | undefined>, intent: number) => {
    if ('refused' in outcome) refused.push(...outcome.refused);
    else if (outcome.ok !== undefined) drafts.push({ gap, rule: outcome.ok, intent });
  };
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
    const headers = destinationHeaders(rule, exposed.host, site.namespace, env);
    if (headers === 'differ') notes.push(droppedHeaders(where));
    const kept = headers === 'differ' ? undefined : headers;
    for (const [intent, want] of wanted.entries()) {
      for (const piece of relation.pieces) add(gap, copyOf(rule, piece, want, site, where, kept), intent);
    }
    // It decides for other ports or another plane as well, where copies of later rules may match.
    if (relation.pieces.some((piece) => Object.keys(piece.restrict).length > 0)) gap = index + 1;
  }
  for (const [intent, want] of wanted.entries()) {
    for (const outcome of forUnmatched(site, want, exposed)) add(gap, outcome, intent);
  }
  if (refused.length > 0) return { refused };
  return { ok: { placed: drafts.toSorted((a, b) => a.gap - b.gap || a.intent - b.intent), notes } };
}

function copyOf(rule: Raw, piece: Piece, want: Wanted, site: Site, where: string, headers: Raw | undefined): Outcome<Raw | undefined> {
  const own = records(rule.match);
  const rewrite = rule.rewrite;
  const rewritesMatchedPath = typeof rewrite === 'object' && rewrite !== null && 'uri' in rewrite && rewrite.uri !== '';
  const matches: Raw[] = [];
  for (const match of own.length === 0 ? [{}] : own) {
    const restricted = restrict(match, piece.restrict, gatewaysOf(site.object), where);
    if (restricted === 'never') continue;
    if ('refused' in restricted) return restricted;
    for (const condition of want.conditions) {
      const met = intersect(restricted.match, condition, { where, rewritesMatchedPath });
      if (met === 'never') continue;
      if ('refused' in met) return met;
      matches.push(met.match);
    }
  }
  if (matches.length === 0) return { ok: undefined };
  return { ok: copyRule(rule, matches, { host: want.host, port: piece.port }, headers) };
}

/** On the mesh a 404 for the service's own host is the session's too; nobody else's request may come to be matched. */
function forUnmatched(site: Site, want: Wanted, exposed: Exposed): readonly Outcome<Raw | undefined>[] {
  // The catch-alls in an object of ours leave nothing unmatched.
  if (isOwnObject(site.object)) return [];
  const tables = site.tables.filter((table) => isOwnTable(table, exposed));
  const rests = tables.map((table) => ({ port: table.table.port, rest: restOf(table.table) }));
  const { name } = site.object.metadata as { name?: string };
  if (rests.some(({ rest }) => rest === 'implicit')) {
    return [
      refuse(
        'implicit-beside-rules',
        `VirtualService ${site.namespace}/${name} has rules for other ports or callers only; one more would answer 404 to all that now reach the service without a rule`,
        'add a rule without a match for this port to it first',
      ),
    ];
  }
  const open = [...new Set(rests.filter(({ rest }) => rest === '404').map(({ port }) => port))];
  if (open.length === 0) return [];
  if (site.hosts.some((host) => host !== exposed.host)) {
    return [
      refuse(
        'several-hosts',
        `VirtualService ${site.namespace}/${name} is for several hosts and answers 404 where none of its rules matches; a rule for that would be all its hosts'`,
        'add a rule without a match to it first',
      ),
    ];
  }
  return open.map((port) => {
    const filter = { ...(exposed.allPorts.length > 1 ? { port } : {}), ...planeOf(site, true) };
    const to: ShadowDestination = { host: want.host, port };
    return unmatchedRule(want, filter, site, to);
  });
}

function unmatchedRule(want: Wanted, filter: Piece['restrict'], site: Site, to: ShadowDestination): Outcome<Raw | undefined> {
  const where = 'a rule for requests that no other matches';
  const restricted = restrict({}, filter, gatewaysOf(site.object), where);
  if (restricted === 'never') return { ok: undefined };
  if ('refused' in restricted) return restricted;
  const matches: Raw[] = [];
  for (const condition of want.conditions) {
    const met = intersect(restricted.match, condition, { where, rewritesMatchedPath: false });
    if (met === 'never') continue;
    if ('refused' in met) return met;
    matches.push(met.match);
  }
  return { ok: matches.length === 0 ? undefined : plainRule(matches, to) };
}

function ambiguous({ pieces }: Exclude<Relation, string>): boolean {
  return new Set(pieces.map(({ restrict: filter }) => JSON.stringify(filter))).size < pieces.length;
}

const ambiguity = (where: string): readonly Refusal[] =>
  refuse('several-ports-in-rule', `${where} sends to several of the exposed ports, so it cannot be said which one a request is for`)
    .refused;

const droppedHeaders = (where: string): Note => ({
  code: 'destination-headers-not-copied',
  message: `${where} changes headers differently for each destination; requests of the session get none of these changes`,
});
