import { isRecord, type MeshEnvironment, type Note, ok, type Result, refuse } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { completeHost } from './hosts.js';
import { otherPorts } from './relation.js';
import type { Exposed, Site } from './site.js';
import type { Wanted } from './wanted.js';

/** What a rule sends shares to beside the ports of the service that are asked for: hosts, and its other ports. */
export function otherShares(rule: Raw, site: Site, exposed: Exposed, env: MeshEnvironment): readonly string[] {
  const route = records(rule.route);
  const hosts = route.flatMap(({ destination, weight }) => {
    if (route.length > 1 && (weight ?? 0) === 0) return [];
    const host = isRecord(destination) ? completeHost(destination.host, site.namespace, env) : undefined;
    return host === undefined || host === exposed.host ? [] : [host];
  });
  return [...new Set(hosts), ...otherPorts(rule, site, exposed, env).map((port) => `port ${port}`)];
}

/**
 * A rule that sends a share to another service, or to another port, decides requests of both, and a standing route is for all requests of
 * a rule (design, principle 4). A split would take that share from the other: refused, unless it is one of the versions. A mirror or a
 * fault is for the other's share too, since a proxy draws the destination after it.
 */
export function mixedDestinations(where: string, others: readonly string[], want: Wanted): Result<readonly Note[]> {
  const versions = new Set((want.to ?? []).map(({ host }) => host.toLowerCase()));
  const lost = want.kind === 'session' ? [] : others.filter((one) => !versions.has(one));
  if (lost.length === 0) return ok([]);
  const message = `${where} sends a share of its requests to ${lost.join(' and ')}`;
  if (want.to !== undefined) {
    return refuse('mixed-destinations', `${message}, which a split would take away`, 'give the requests of that share a rule of their own');
  }
  return ok([{ code: 'mixed-destinations', message: `${message}; mirrors and faults are for that share as well` }]);
}
