import type { RouteTable } from '@heddle/core';
import type { Outbound } from './route-items.js';
import type { MeshRoute, Service, TrafficRoute } from './world-types.js';

/** A table before it is known which clients share it. */
export interface CompiledTable {
  readonly table: Omit<RouteTable, 'view'>;
  readonly role: 'service' | 'rest';
  readonly mesh: string;
  /** The service that is dialled, and its port; `undefined` for the rest. */
  readonly service: { readonly service: Service; readonly port: number } | undefined;
  readonly outbound: Outbound | undefined;
  readonly by: DecidedBy;
  readonly trafficRoute: TrafficRoute | undefined;
  /** The MeshHTTPRoutes and MeshTCPRoutes with rules in the table, the weakest first. */
  readonly routes: readonly MeshRoute[];
}

/**
 * `service`: no policy, all endpoints of the service; `trafficRoute` and `routes`: those policies; `closed`: the mesh routes by
 * TrafficRoute, and none is for these clients and this service; `passthrough`: the mesh has no say.
 */
export type DecidedBy = 'service' | 'trafficRoute' | 'routes' | 'closed' | 'passthrough';
