import { type KubeObject, type MeshEnvironment, metaOf, type Routing } from '@heddle/core';
import type { Routing as RoutesBy } from '../capabilities/capabilities.js';
import { type Plane, speaks } from '../decode/backends.js';
import { type Clusters, clustersOf } from '../decode/clusters.js';
import { readWorld } from '../decode/world.js';
import type { Service, World } from '../decode/world-types.js';
import { serviceTag } from '../owned/ownership.js';
import { adopt } from './adopt.js';
import { serviceOfHost } from './hosts.js';

/** What is around a routing, as it will be in the mesh. */
export interface Surroundings {
  readonly env: MeshEnvironment;
  readonly routesBy: RoutesBy;
  readonly world: World;
  readonly service: (host: string) => Service | undefined;
  /** Whether versions can be told by tags of Pods. */
  readonly hasTags: boolean;
  /** Whether a Service's port has a ready Pod in the mesh; taken to be so where no Pod is known. */
  readonly isServed: (service: Service, port: number, plane?: Plane) => boolean;
  /** A port of another Service of the same mesh that has one; of the same namespace, if there is any. */
  readonly anyServed: (like: Service) => { readonly service: Service; readonly port: number } | undefined;
  /** Whether a Pod behind a Service carries a label with this value. */
  readonly isCarried: (service: Service, label: string, value: string) => boolean;
}

export function surroundingsOf(objects: readonly KubeObject[], env: MeshEnvironment): Surroundings {
  const world = readWorld(new Map([['all', { objects: adopt(objects, env) }]]), env);
  const byKey = new Map(world.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const clusters = new Map<string, Clusters>();
  const clustersIn = (mesh: string) => {
    const known = clusters.get(mesh) ?? clustersOf(world, mesh);
    clusters.set(mesh, known);
    return known;
  };
  const arePodsKnown = objects.some(({ kind }) => kind === 'Pod');
  // What a resource speaks is said by its Service, with or without Pods.
  const isServed = ({ namespace, name, mesh }: Service, port: number, plane: Plane = 'http') =>
    !arePodsKnown || world.release.major >= 3 || speaks(plane, clustersIn(mesh).protocolOf(serviceTag({ namespace, name, port })));
  return {
    env,
    routesBy: env.settings.routing === 'TrafficRoute' && world.release.major < 3 ? 'TrafficRoute' : 'MeshHTTPRoute',
    world,
    service: (host) => {
      const ref = serviceOfHost(host);
      return ref === undefined ? undefined : byKey.get(`${ref.namespace}/${ref.name}`);
    },
    hasTags: world.release.major < 3 && world.inboundTags,
    isServed,
    anyServed: ({ mesh, namespace }) => {
      const own = world.services.filter((service) => service.mesh === mesh);
      const near = [
        ...own.filter((service) => service.namespace === namespace),
        ...own.filter((service) => service.namespace !== namespace),
      ];
      const ports = near.flatMap((service) => service.ports.map(({ number }) => ({ service, port: number })));
      return ports.find(({ service, port }) => isServed(service, port));
    },
    isCarried: ({ namespace }, label, value) =>
      world.pods.some(({ ref, labels }) => ref.namespace === namespace && labels[label] === value),
  };
}

/** Those of a kind in a namespace; of all, without one. */
export function namesTaken(objects: Routing['objects'], kind: string, namespace?: string): ReadonlySet<string> {
  const same = objects.filter((object) => object.kind === kind && (namespace === undefined || metaOf(object).namespace === namespace));
  return new Set(same.map((object) => metaOf(object).name));
}

/** Which names of a kind are taken in a namespace: what is given a name is added, so that the next does not get it too. */
export type Names = (kind: string, namespace?: string) => Set<string>;

export function namesIn(objects: Routing['objects']): Names {
  const known = new Map<string, Set<string>>();
  return (kind, namespace) => {
    const key = `${kind} ${namespace ?? ''}`;
    const taken = known.get(key) ?? new Set(namesTaken(objects, kind, namespace));
    known.set(key, taken);
    return taken;
  };
}

/** The name, or the next with a number that is free; shortened to as many characters. */
export function freeName(wanted: string, taken: ReadonlySet<string>, most = Number.POSITIVE_INFINITY): string {
  const short = (end: string) => `${wanted.slice(0, most - end.length).replace(/-+$/, '')}${end}`;
  for (let n = 1; ; n += 1) {
    const name = short(n === 1 ? '' : `-${n}`);
    if (!taken.has(name)) return name;
  }
}
