import {
  describeFieldFault,
  type FieldFault,
  type KubeObject,
  type MeshEnvironment,
  metaOf,
  type Observed,
  objectsOf,
  refOf,
} from '@heddle/core';
import { meshRouteFaults } from '../validate/mesh-route.js';
import { trafficRouteFaults } from '../validate/traffic-route.js';
import { dataplanesOf } from './dataplanes.js';
import { derivedMeshService, modeIn, parseDestination } from './parse-destinations.js';
import { parseNamespace, parsePod, parseService } from './parse-kube.js';
import { parseMeshRoute } from './parse-mesh-route.js';
import { parseTrafficRoute } from './parse-traffic-route.js';
import { record, text } from './raw.js';
import { parseRoutePolicy } from './route-policies.js';
import { MESH_LABEL, SERVICE_TAG } from './tags.js';
import type { Config, DestinationKind, Mesh, MeshDestination, Namespace, Refused, Service, World } from './world-types.js';

export const KUMA = 'kuma.io';

const DESTINATION_KINDS: readonly DestinationKind[] = ['MeshService', 'MeshExternalService', 'MeshMultiZoneService'];

/**
 * Reads all seen objects. Accepts whatever a user wrote: what has the wrong type counts as absent. Settings of the environment:
 * `systemNamespace`, `zone`, `clusterDomain`, `inboundTags` (`disabled`).
 */
export function readWorld(seen: Observed, env: MeshEnvironment): World {
  const release = releaseOf(env.version);
  const domain = env.settings.clusterDomain ?? 'cluster.local';
  const systemNamespace = systemNamespaceOf(env);
  const zone = env.settings.zone ?? 'default';
  const inboundTags = env.settings.inboundTags !== 'disabled';
  const fromCluster = [...seen.values()].some((one) => 'objects' in one && one.objects.some((object) => metaOf(object).uid !== undefined));
  const namespaces = new Map(objectsOf(seen, '', 'Namespace').map((object) => [metaOf(object).name, parseNamespace(object)]));
  const configs = (group: string, kind: string) =>
    objectsOf(seen, group, kind)
      .map((object) => configOf(object, group === KUMA ? undefined : namespaces, fromCluster))
      .sort(byName);
  const services = configs('', 'Service').map((config) => parseService(config, domain));
  const pods = objectsOf(seen, '', 'Pod').map((object) => parsePod(object, namespaces));
  const meshes = new Map(configs(KUMA, 'Mesh').map((config): [string, Mesh] => [config.name, meshOf(config, release.major)]));
  const refused: Refused[] = [];
  const inEffect = <T extends Config>(configs: readonly T[], faults: (config: T) => readonly FieldFault[]) =>
    configs.filter((config) => {
      const because = metaOf(config.object).uid === undefined ? faults(config).map(describeFieldFault) : [];
      if (because.length > 0) refused.push({ ref: config.ref, because });
      return because.length === 0;
    });
  const routes = (kind: string) =>
    inEffect(
      configs(KUMA, kind).map((config) => parseMeshRoute(config, displayName(config), systemNamespace, release.major)),
      (route) => meshRouteFaults(route, release.major),
    ).filter(({ shadow }) => !shadow);
  return {
    domain,
    systemNamespace,
    zone,
    release,
    inboundTags,
    meshes,
    namespaces,
    services,
    pods,
    dataplanes: dataplanesOf(pods, services, { zone, inboundTags }),
    trafficRoutes: inEffect(configs(KUMA, 'TrafficRoute').map(parseTrafficRoute), trafficRouteFaults),
    httpRoutes: routes('MeshHTTPRoute'),
    tcpRoutes: routes('MeshTCPRoute'),
    destinations: destinationsOf(
      DESTINATION_KINDS.flatMap((kind) => configs(KUMA, kind).map((config) => [kind, config] as const)),
      { services, meshes, namespaces, zone, major: release.major },
    ),
    routePolicies: ['MeshTimeout', 'MeshRetry'].flatMap((kind) => configs(KUMA, kind).map(parseRoutePolicy)),
    externalServices: new Set(
      configs(KUMA, 'ExternalService').map(({ mesh, object }) => `${mesh}/${text(record(record(object.spec).tags)[SERVICE_TAG])}`),
    ),
    refused,
  };
}

/** How a mesh's Services are destinations: a mesh whose object was not seen has the default of its release. */
export function modeOf(world: Pick<World, 'meshes' | 'release'>, mesh: string): Mesh['mode'] {
  return world.meshes.get(mesh)?.mode ?? (world.release.major >= 3 ? 'Exclusive' : 'Disabled');
}

export const systemNamespaceOf = (env: MeshEnvironment): string => env.settings.systemNamespace ?? 'kuma-system';

export function releaseOf(version: string | undefined): World['release'] {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return major === undefined || minor === undefined ? { major: 2, minor: 14 } : { major: Number(major), minor: Number(minor) };
}

const meshOf = ({ name, object, ref }: Config, major: number): Mesh => ({
  name,
  mode: modeIn(object, major),
  passthrough: record(record(record(object.spec).networking).outbound).passthrough !== false,
  ref,
});

export const displayName = ({ labels, name }: Config): string => labels['kuma.io/display-name'] || name;

/**
 * Which mesh: a cluster-scoped object of Kuma's says it at its top level, a namespaced one by a label; a Service or Pod by its label or
 * its namespace's (kuma `k8s/util/util.go`, `MeshOfByLabelOrAnnotation`, 2.14). An object without a creation time is about to be
 * created when the others come from a cluster (they have uids), so it is the youngest; in files it counts as the oldest.
 */
export function configOf(object: KubeObject, namespaces?: ReadonlyMap<string, Namespace>, fromCluster = false): Config {
  const meta = metaOf(object);
  const created = Date.parse(meta.creationTimestamp ?? '');
  const unknown = fromCluster ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const own = meta.labels[MESH_LABEL] || meta.annotations[MESH_LABEL];
  const home = namespaces?.get(meta.namespace ?? '')?.mesh;
  return {
    ref: refOf(object),
    object,
    namespace: meta.namespace ?? '',
    name: meta.name,
    labels: meta.labels,
    mesh: text(object.mesh) || own || home || 'default',
    age: Number.isNaN(created) ? unknown : created,
    oddities: [],
  };
}

function byName(a: Config, b: Config): number {
  return compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

interface Homes {
  readonly services: readonly Service[];
  readonly meshes: ReadonlyMap<string, Mesh>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly zone: string;
  readonly major: number;
}

/** The destinations that are there as objects, and the MeshServices that Kuma makes, or is about to make, of Services. */
function destinationsOf(all: readonly (readonly [DestinationKind, Config])[], homes: Homes): readonly MeshDestination[] {
  const byKey = new Map(homes.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const objects = all.map(([kind, config]) => {
    const made = config.labels['k8s.kuma.io/service-name'] ?? (kind === 'MeshService' ? config.name : undefined);
    const service = made === undefined ? undefined : byKey.get(`${config.namespace}/${made}`);
    return parseDestination(config, displayName(config), kind, service);
  });
  const known = new Set(objects.flatMap(({ kind, service }) => (kind === 'MeshService' && service !== undefined ? [service] : [])));
  const derived = homes.services
    .filter((service) => !known.has(service) && service.shape !== 'externalName' && !service.ignored)
    .filter(({ mesh }) => modeOf({ meshes: homes.meshes, release: { major: homes.major, minor: 0 } }, mesh) !== 'Disabled')
    .filter((service) => MESH_LABEL in service.labels || homes.namespaces.get(service.namespace)?.injected !== false)
    .map((service) => derivedMeshService(service, homes.zone));
  return [...objects, ...derived];
}
