import type { Cluster, Decoded, MeshAdapter, MeshEnvironment, Observed, RouteTable, Target } from '@heddle/core';
import type { ServiceArgument } from '../flags/service-argument.js';
import type { Connections } from './connections.js';
import { findService, serviceRefs } from './find-service.js';
import type { MeshChooser } from './mesh-choice.js';

export interface RouteReport {
  readonly mesh: string;
  readonly services: readonly { readonly namespace: string; readonly name: string; readonly port: number }[];
  readonly tables: readonly RouteTable[];
  readonly problems: Decoded['problems'];
  readonly gaps: Decoded['gaps'];
}

export interface RouteService {
  /** The effective tables of a service, one per view and port. */
  show(service: ServiceArgument): Promise<RouteReport>;
}

export type DecodeTarget = (
  context: { readonly cluster: Cluster; readonly adapter: MeshAdapter; readonly env: MeshEnvironment },
  target: Target,
) => Promise<{ readonly seen: Observed; readonly decoded: Decoded }>;

/** Standing routes that are copies of rules which have been changed since. */
export type StaleRoutes = (
  context: Parameters<DecodeTarget>[0],
  services: RouteReport['services'],
  seen: Observed,
) => Promise<Decoded['problems']>;

export function createRouteService(deps: {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly decodeTarget: DecodeTarget;
  readonly staleRoutes: StaleRoutes;
}): RouteService {
  return {
    show: async (argument) => {
      const connection = await deps.connections.open();
      const { cluster, namespace } = connection;
      const { adapter, env, title } = await deps.meshes.choose(connection, argument.name);
      const services = serviceRefs(await findService(cluster, namespace, argument.name), argument);
      const mesh = { cluster, adapter, env };
      const { seen, decoded } = await deps.decodeTarget(mesh, { services });
      const problems = [...decoded.problems, ...(await deps.staleRoutes(mesh, services, seen))];
      return { mesh: title, services, tables: decoded.tables, problems, gaps: decoded.gaps };
    },
  };
}
