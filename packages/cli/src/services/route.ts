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

export function createRouteService(deps: {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly decodeTarget: DecodeTarget;
}): RouteService {
  return {
    show: async (argument) => {
      const connection = await deps.connections.open();
      const { cluster, namespace } = connection;
      const { adapter, env, title } = await deps.meshes.choose(connection);
      const services = serviceRefs(await findService(cluster, namespace, argument.name), argument);
      const { decoded } = await deps.decodeTarget({ cluster, adapter, env }, { services });
      return { mesh: title, services, tables: decoded.tables, problems: decoded.problems, gaps: decoded.gaps };
    },
  };
}
