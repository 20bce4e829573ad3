import { canonicalJson, describeRef, isRecord, type Match, overlapping, type Refusal, type Result, refusal } from '@heddle/core';
import { backendsOf } from '../decode/backends.js';
import type { Placed } from '../decode/placed.js';
import { compareMatches } from '../decode/precedence.js';
import { findService, isVersionOf, type World } from '../decode/world.js';
import { records } from '../raw.js';
import { meet } from './meet.js';
import type { Site } from './site.js';
import type { Wanted } from './wanted.js';

/** One match of ours: a foreign match for fewer requests, or, without one, what no foreign match takes. */
export interface Draft {
  readonly match: Match;
  readonly wanted: Wanted;
  /** The foreign one. Its fields that are not understood are kept: a copy must not match more than its original. */
  readonly copied: Placed | undefined;
  /** The Service port that the copied rule sends to. */
  readonly port: number;
}

/**
 * One copy of each foreign match that sends to the Service, with the declared conditions added: so each request that is ours keeps
 * rewrites, headers and timeouts of the rule that it had before. What no foreign match takes is a 404 today, which only a change of
 * destinations may end, or the Service's.
 */
export function draft(site: Site, wanted: readonly Wanted[], exposed: readonly number[], world: World): Result<readonly Draft[]> {
  const refused: Refusal[] = [];
  const drafts: Draft[] = [];
  for (const copied of site.foreign) {
    const ports = portsOf(copied, site, world).filter((port) => exposed.includes(port));
    const [port] = ports;
    if (port === undefined) continue;
    for (const want of wanted) {
      const match = meet(copied.match, want.match);
      if (match === 'never') continue;
      const why =
        match === 'unclear' ? unclear(copied) : (obstacle(copied, match, want) ?? (ports.length > 1 ? severalPorts(copied) : undefined));
      if (why !== undefined) refused.push(why);
      else if (match !== 'unclear') drafts.push({ match, wanted: want, copied, port });
    }
  }
  if (!site.foreign.some(({ match }) => takesAll(match))) {
    for (const want of wanted.filter(({ deed }) => deed.to !== undefined || site.foreign.length === 0))
      drafts.push({ match: { path: EVERY_PATH, ...want.match }, wanted: want, copied: undefined, port: site.port });
  }
  if (refused.length > 0) return { refused };
  const keys = drafts.map(({ match }) => canonicalJson(match));
  // Of equal matches the first counts, so later ones would say nothing.
  return { ok: drafts.filter((_, index) => keys.indexOf(keys[index] ?? '') === index) };
}

const EVERY_PATH = { kind: 'segmentPrefix', value: '/' } as const;

export const takesAll = (match: Match): boolean => overlapping([match], [{}]) === 'equal';

/** The ports of the Service that a rule sends to; for a version of it, which may number its ports otherwise, the port of the caller. */
function portsOf({ rule, route }: Placed, { service, port }: Site, world: World): readonly number[] {
  const ports = backendsOf(rule, route.namespace).flatMap((backend) => {
    const to = findService(world, backend.namespace, backend.name);
    if (to === service) return [backend.port];
    return to !== undefined && isVersionOf(to, service) ? [port] : [];
  });
  return [...new Set(ports)];
}

/** Why a copy would not do what its original does for the same requests. */
function obstacle(copied: Placed, match: Match, { deed }: Wanted): Refusal | undefined {
  const { rule, route } = copied;
  const where = whereIs(copied);
  const at = { ref: route.ref };
  if (compareMatches(match, copied.match) === 0) {
    const message = `${where} matches the same requests, and of equal matches the older counts`;
    return refusal('equal-match', message, { ...at, instead: 'change that rule itself, or match on something that it does not' });
  }
  if (deed.to !== undefined && records(rule.backendRefs).some(({ filters }) => records(filters).length > 0)) {
    return refusal('backend-filters', `${where} has filters for single backends, which a copy cannot keep`, at);
  }
  const replacesPrefix = records(rule.filters).some(
    ({ urlRewrite }) => isRecord(urlRewrite) && isRecord(urlRewrite.path) && urlRewrite.path.type === 'ReplacePrefixMatch',
  );
  if (replacesPrefix && canonicalJson(match.path) !== canonicalJson(copied.match.path)) {
    return refusal('prefix-rewrite', `${where} replaces the prefix that it matches, and a longer one would be replaced instead`, at);
  }
  return undefined;
}

export const whereIs = ({ route, index }: Placed): string => `Rule ${index} of ${describeRef(route.ref)}`;

const unclear = (copied: Placed): Refusal =>
  refusal(
    'two-conditions',
    `${whereIs(copied)} has a condition on the same header, parameter or path that cannot be joined with the declared one`,
    {
      instead: 'match on another header',
      ref: copied.route.ref,
    },
  );

const severalPorts = (copied: Placed): Refusal =>
  refusal(
    'several-ports-in-rule',
    `${whereIs(copied)} sends to several of the exposed ports, so it cannot be said which one a request is for`,
    {
      ref: copied.route.ref,
    },
  );
