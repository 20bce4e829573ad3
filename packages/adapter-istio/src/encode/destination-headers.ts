import { isRecord, type MeshEnvironment, type Note, ok, type Result, refuse } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { completeHost } from './hosts.js';
import type { Exposed, Site } from './site.js';
import { sameStringMatch } from './string-match.js';
import type { Wanted } from './wanted.js';

/** The header changes that stand at a rule's destinations, as far as new destinations take them over. */
export interface CarriedHeaders {
  readonly headers?: Raw;
  readonly notes: readonly Note[];
}

/** Changes of each destination stay with it where the destinations stay; others must be the same for all of them. */
export function carriedHeaders(
  rule: Raw,
  where: string,
  want: Wanted,
  site: Site,
  exposed: Exposed,
  env: MeshEnvironment,
): Result<CarriedHeaders> {
  if (want.to === undefined) return ok({ notes: [] });
  const of = (host: string | 'any') => commonHeaders(rule, host, site.namespace, env);
  const [own, all] = [of(exposed.host), of('any')];
  if (want.kind === 'session' && own === 'differ') return ok({ notes: [droppedHeaders(where)] });
  // Of all the requests of a rule it can only be told what becomes of their headers where that does not depend on the destination.
  if (all === 'differ' && (want.kind === 'route' || own !== undefined)) return differ(where);
  const headers = want.kind === 'route' ? all : own;
  return ok({ ...(headers === undefined || headers === 'differ' ? {} : { headers }), notes: [] });
}

/** The header changes that all destinations of a rule, or all that are a host, have in common; `differ` when they are told apart by them. */
function commonHeaders(foreign: Raw, host: string | 'any', namespace: string, env: MeshEnvironment): Raw | undefined | 'differ' {
  const [first, ...others] = records(foreign.route)
    .filter(({ destination }) => isRecord(destination) && (host === 'any' || completeHost(destination.host, namespace, env) === host))
    .map(({ headers }) => (isRecord(headers) ? headers : undefined));
  return others.every((headers) => sameStringMatch(headers, first)) ? first : 'differ';
}

const differ = (where: string) =>
  refuse(
    'destination-headers',
    `${where} changes headers differently for each destination, so it cannot be said which changes are for which version`,
    'give that rule header changes of its own instead of its destinations',
  );

const droppedHeaders = (where: string): Note => ({
  code: 'destination-headers-not-copied',
  message: `${where} changes headers differently for each destination; requests of the session get none of these changes`,
});
