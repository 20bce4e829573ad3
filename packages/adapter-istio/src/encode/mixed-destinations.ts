import { isRecord, type MeshEnvironment, type Refusal, refuse } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { completeHost } from './hosts.js';
import { otherPorts } from './relation.js';
import type { Exposed, Site } from './site.js';
import type { Wanted } from './wanted.js';

/**
 * A rule that sends a share to another service, or to another port, decides requests of both. A split takes all of a rule's requests (design, principle 4:
 * the scope is whole rules), so that share would be lost to the other: refused, unless it is one of the versions.
 */
export function mixedDestinations(
  rule: Raw,
  where: string,
  wanted: readonly Wanted[],
  site: Site,
  exposed: Exposed,
  env: MeshEnvironment,
): readonly Refusal[] {
  const known = new Set([exposed.host, ...wanted.flatMap(({ to }) => to.map(({ host }) => host.toLowerCase()))]);
  const route = records(rule.route);
  const others = route.flatMap(({ destination, weight }) => {
    if (route.length > 1 && (weight ?? 0) === 0) return [];
    const host = isRecord(destination) ? completeHost(destination.host, site.namespace, env) : undefined;
    return host === undefined || known.has(host) ? [] : [host];
  });
  const shares = [...new Set(others), ...otherPorts(rule, site, exposed, env).map((port) => `port ${port}`)];
  if (shares.length === 0) return [];
  return refuse(
    'mixed-destinations',
    `${where} sends a share of its requests to ${shares.join(' and ')}, which a split would take away`,
    'give the requests of that share a rule of their own',
  ).refused;
}
