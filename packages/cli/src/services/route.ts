import {
  type Cluster,
  type Decoded,
  labelsMatch,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  type ObjectRef,
  type Observed,
  objectsOf,
  type RouteTable,
  type ServiceRef,
  type Target,
  type Version,
} from '@heddle/core';
import type { ServiceArgument } from '../flags/service-argument.js';
import type { Connection, Connections } from './connections.js';
import { fileNotes } from './files/file-notes.js';
import type { Place } from './files/types.js';
import { type FoundService, findService, serviceRefs } from './find-service.js';
import { isReadyPod, selectorOf } from './kube-service.js';
import type { MeshChooser } from './mesh-choice.js';

/** A version of the service, as the mesh tells it apart, and how many of its pods are ready. */
export type VersionCount = Version & { readonly pods: number };

export interface RouteReport {
  readonly mesh: string;
  readonly services: readonly ServiceRef[];
  readonly versions: readonly VersionCount[];
  readonly tables: readonly RouteTable[];
  readonly problems: Decoded['problems'];
  readonly gaps: Decoded['gaps'];
  /** What files left out and was assumed, and what of them no cluster would take. */
  readonly notes: readonly string[];
  /** Where a file holds an object, or a part of it. */
  readonly placeOf: (ref: ObjectRef, pointer?: string) => Place | undefined;
}

export interface RouteService {
  /** The effective tables of a service, one per view and port. */
  show(service: ServiceArgument): Promise<RouteReport>;
}

export type DecodeTarget = (
  context: { readonly cluster: Cluster; readonly adapter: MeshAdapter; readonly env: MeshEnvironment },
  target: Target,
) => Promise<{ readonly seen: Observed; readonly decoded: Decoded }>;

/** What others did to the standing routes of services since they were written. */
export type RouteProblems = (
  context: Parameters<DecodeTarget>[0],
  services: RouteReport['services'],
  seen: Observed,
) => Promise<Decoded['problems']>;

export function createRouteService(deps: {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly decodeTarget: DecodeTarget;
  readonly routeProblems: RouteProblems;
}): RouteService {
  return {
    show: async (argument) => {
      const port = Number(argument.port);
      const connection: Connection = await deps.connections.open({ gateways: true, ...(Number.isInteger(port) ? { port } : {}) });
      const { cluster, namespace, files } = connection;
      const { adapter, env, title } = await deps.meshes.choose(connection, argument.name);
      const found = await findService(cluster, namespace, argument.name);
      const services = serviceRefs(found, argument);
      const mesh = { cluster, adapter, env };
      const { seen, decoded } = await deps.decodeTarget(mesh, { services });
      return {
        mesh: title,
        services,
        versions: versionsOf(found, services, seen, mesh),
        tables: decoded.tables,
        problems: [...decoded.problems, ...(await deps.routeProblems(mesh, services, seen))],
        gaps: decoded.gaps,
        notes: fileNotes(files),
        placeOf: (ref, pointer) => files?.placeOf(ref, pointer),
      };
    },
  };
}

function versionsOf(
  { object, namespace }: FoundService,
  services: readonly ServiceRef[],
  seen: Observed,
  { adapter, env }: { readonly adapter: MeshAdapter; readonly env: MeshEnvironment },
): readonly VersionCount[] {
  const selector = selectorOf(object);
  const ready = objectsOf(seen, '', 'Pod').filter((pod) => metaOf(pod).namespace === namespace && isReadyPod(pod));
  const versions = new Map(services.flatMap((ref) => adapter.versions(ref, seen, env)).map((version) => [version.id, version]));
  return [...versions.values()].map((version) => {
    const labels = { ...selector, ...('labels' in version ? version.labels : {}) };
    return { ...version, pods: ready.filter((pod) => labelsMatch(labels, metaOf(pod).labels)).length };
  });
}
