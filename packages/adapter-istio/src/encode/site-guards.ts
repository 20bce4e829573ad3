import { contentHash, describeRef, type Refusal, refOf, refuse } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import { type Raw, records } from '../decode/raw.js';
import { ownerOf, type Placed } from './arrange.js';
import type { BaseService } from './base-service.js';
import { filtersCallers, gatewayFilter } from './filters.js';
import type { Placing } from './place-rules.js';
import { boundToMesh, isMeshTable, type Site } from './site.js';
import { MESH_GATEWAY, specOf } from './virtual-service.js';

/** Why rules for a service cannot be put into a VirtualService, whoever keeps it. */
export function refuseSite(site: Site, service: BaseService): readonly Refusal[] {
  const ref = refOf(site.object);
  const called = describeRef(ref);
  const refused: Refusal[] = [];
  const add = (code: string, message: string, instead: string) => refused.push(...refuse(code, message, instead).refused);
  const merged = site.tables.find(({ virtualServices }) => virtualServices.length > 1);
  if (merged !== undefined) {
    const others = merged.virtualServices.map((one) => describeRef(one.ref)).join(' and ');
    add(
      'several-virtual-services',
      `${others} are merged for ${merged.host}; catch-alls of the one move behind rules of the other`,
      'put the rules of that host into one VirtualService',
    );
  }
  const sections = ['tcp', 'tls'].filter((section) => records(specOf(site.object)[section]).length > 0);
  if (sections.length > 0 && boundToMesh(site) && service.guessedPorts.length > 0) {
    add(
      'tcp-section',
      `${called} has a ${sections.join(' and a ')} section, and port ${service.guessedPorts[0]} does not say that it carries HTTP, so connections may pass its HTTP rules by`,
      'say appProtocol: http on the port',
    );
  }
  return refused.map((refusal) => ({ ...refusal, ref }));
}

/**
 * Where one rule decides for several services, standing routes of two of them could not both have what they say of a request. A copy that
 * is another service's leaves the destinations of such a rule as they are, word for word.
 */
export function refuseMeeting(others: readonly Placed[], { shared }: Placing, { object }: Site): readonly Refusal[] {
  const owners = others.flatMap(({ rule }) =>
    shared.some(({ route }) => contentHash(route) === contentHash(rule.route)) ? (ownerOf(rule) ?? []) : [],
  );
  const routes = owners.filter(({ kind }) => kind === 'route');
  return [...new Map(routes.map((owner) => [owner.id, owner])).values()].flatMap(({ id, namespace }) =>
    refuse(
      'standing-routes-meet',
      `${describeRef(refOf(object))} has a rule that decides for several services, and standing route ${namespace}/${id} has one of its own for the same requests`,
      'give each service a rule of its own, or clear that standing route first',
    ).refused.map((refusal) => ({ ...refusal, ref: refOf(object) })),
  );
}

/**
 * A VirtualService whose rules are all for some callers does not count for the others, for whom another one decides or none. A rule of
 * ours without such a condition would make it count for all (istio `push_context.go` and `route/route.go`, 1.31: one without a rule that
 * a proxy could use is skipped).
 */
export function refuseWidening(
  site: Site,
  foreign: readonly Raw[],
  placed: readonly Placed[],
  elsewhere: readonly DecidingTable[],
): readonly Refusal[] {
  if (!boundToMesh(site) || foreign.length === 0 || !foreign.every(isForSome)) return [];
  const hosts = new Set(site.tables.map(({ host }) => host));
  if (!elsewhere.some((table) => isMeshTable(table) && hosts.has(table.host))) return [];
  if (placed.every(({ rule }) => isForSome(rule))) return [];
  const ref = refOf(site.object);
  return refuse(
    'implicit-beside-rules',
    `${describeRef(ref)} is for the service's host and decides for some callers only; a rule for what it leaves unmatched would make it decide for all`,
    'add a rule without a match to it first, for the callers that it is for',
  ).refused.map((refusal) => ({ ...refusal, ref }));
}

function isForSome({ match }: Raw): boolean {
  const matches = records(match);
  const atGateways = (one: Raw) => gatewayFilter(one).length > 0 && !gatewayFilter(one).includes(MESH_GATEWAY);
  return matches.length > 0 && matches.every((one) => filtersCallers(one) || atGateways(one));
}
