import type { Destination, PodRef } from '@heddle/core';
import { parseServiceTag } from '../owned/ownership.js';
import { commonOf, parseProtocol, UNKNOWN } from './protocols.js';
import { SERVICE_TAG, tagsMatch, versionTags } from './tags.js';
import type { Dataplane, DestinationPort, Inbound, MeshDestination, Tags, World } from './world-types.js';

/** Where requests of one mesh can be sent, with the endpoints that are ready there. */
export interface Clusters {
  /** What the ready endpoints of a `kuma.io/service` speak; without any it is not known. */
  protocolOf(tag: string): string;
  /** Whether any proxy of the mesh serves a `kuma.io/service`, ready or not. */
  serves(tag: string): boolean;
  byTags(tags: Tags, weight: number): Destination;
  byResource(destination: MeshDestination, port: DestinationPort, weight: number): Destination;
}

interface Served {
  readonly dataplane: Dataplane;
  readonly inbound: Inbound;
}

/** Endpoints by tag and by resource (kuma `pkg/xds/topology/outbound.go`, `pkg/xds/cache/cla/cache.go`, 2.14). */
export function clustersOf(world: World, mesh: string): Clusters {
  const dataplanes = world.dataplanes.filter((dataplane) => dataplane.mesh === mesh && !dataplane.gateway);
  const byTag = new Map<string, Served[]>();
  for (const dataplane of dataplanes) {
    for (const inbound of dataplane.inbounds) {
      const tag = inbound.tags[SERVICE_TAG] ?? '';
      const known = byTag.get(tag);
      if (known === undefined) byTag.set(tag, [{ dataplane, inbound }]);
      else known.push({ dataplane, inbound });
    }
  }
  const ready = (tag: string) => (byTag.get(tag) ?? []).filter(({ inbound }) => inbound.ready);
  return {
    protocolOf: (tag) => commonOf(ready(tag).map(({ inbound }) => parseProtocol(inbound.protocol))),
    serves: (tag) => byTag.has(tag),
    byTags: (tags, weight) => {
      const tag = tags[SERVICE_TAG] ?? '';
      const own = versionTags(tags);
      const endpoints = ready(tag).filter(({ inbound }) => Object.entries(own).every(([key, value]) => inbound.tags[key] === value));
      return {
        ...placeOf(tag, world.domain),
        ...(Object.keys(own).length === 0 ? {} : { labels: own }),
        ...(own.version === undefined ? {} : { version: own.version }),
        weight,
        endpoints: refsOf(endpoints.map(({ dataplane }) => dataplane)),
      };
    },
    byResource: (destination, port, weight) => ({
      host: hostOf(destination, world.domain),
      port: port.number,
      weight,
      endpoints: refsOf(membersOf(world, dataplanes, destination, port)),
    }),
  };
}

/** The host and port that a `kuma.io/service` stands for; a name of another form is kept. */
export function placeOf(tag: string, domain: string): Pick<Destination, 'host' | 'port'> {
  const service = parseServiceTag(tag);
  if (service === undefined) return { host: tag === '' ? UNKNOWN : tag };
  const host = `${service.name}.${service.namespace}.svc.${domain}`;
  return service.port === undefined ? { host } : { host, port: service.port };
}

function hostOf({ kind, displayName, namespace, service }: MeshDestination, domain: string): string {
  if (kind === 'MeshService') return service?.host ?? `${displayName}.${namespace}.svc.${domain}`;
  return `${displayName}.${kind === 'MeshExternalService' ? 'extsvc' : 'mzsvc'}.mesh.local`;
}

/** The proxies behind a resource's port (kuma `pkg/core/resources/apis/meshservice/match.go`, 2.14). */
function membersOf(
  world: World,
  dataplanes: readonly Dataplane[],
  destination: MeshDestination,
  port: DestinationPort,
): readonly Dataplane[] {
  const { kind, selector, service } = destination;
  if (kind === 'MeshExternalService') return [];
  if (kind === 'MeshMultiZoneService') {
    const { labels } = selector;
    const parts = world.destinations.filter(
      (one) => one.kind === 'MeshService' && one.mesh === destination.mesh && labels !== undefined && tagsMatch(labels, one.labels),
    );
    return parts.flatMap((part) => {
      const same = part.ports.find(({ number }) => number === port.number);
      return same === undefined ? [] : membersOf(world, dataplanes, part, same);
    });
  }
  if (service !== undefined) {
    return dataplanes.filter(({ inbounds }) => inbounds.some((one) => one.service === service && one.port === port.number && one.ready));
  }
  const { tags, labels, dataplane: name } = selector;
  return dataplanes.filter(
    ({ ref, labels: own, inbounds }) =>
      inbounds.some((one) => one.ready && tagsMatch(tags ?? {}, one.tags)) &&
      (labels === undefined || tagsMatch(labels, own)) &&
      (name === undefined || name === ref.name || name === `${ref.name}.${ref.namespace}`) &&
      (tags !== undefined || labels !== undefined || name !== undefined),
  );
}

function refsOf(dataplanes: readonly Dataplane[]): readonly PodRef[] {
  const found = new Map(dataplanes.map(({ ref }) => [`${ref.namespace}/${ref.name}`, ref]));
  return [...found.values()].sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}
