import type { Gap, Problem, RouteTable, ServiceRef } from '@heddle/core';
import type { DecidedBy } from './compiled-table.js';
import type { Outbound } from './route-items.js';
import type { MeshRoute, TrafficRoute } from './world-types.js';

export type { DecidedBy } from './compiled-table.js';
export type { Outbound } from './route-items.js';

/** One route table and the objects that made it. */
export interface DecidingTable {
  /** The very table that `decode` returns. */
  readonly table: RouteTable;
  /** `service`: of a service that clients dial; `rest`: what is said of everything else (passed through). */
  readonly role: 'service' | 'rest';
  /** The mesh of the clients. */
  readonly mesh: string;
  /** What the clients dial; `undefined` for the rest. */
  readonly dialled: ServiceRef | undefined;
  /** What the service is to the clients: a tag, or a resource. `undefined`: the mesh does not know it. */
  readonly outbound: Outbound | undefined;
  /** The services of the target that this table can send requests to, or is the table of. */
  readonly services: readonly ServiceRef[];
  readonly by: DecidedBy;
  /** The one TrafficRoute whose rules these are (`by` is `trafficRoute`). */
  readonly trafficRoute: TrafficRoute | undefined;
  /** The MeshHTTPRoutes or MeshTCPRoutes with rules in the table, the weakest first (`by` is `routes`). */
  readonly routes: readonly MeshRoute[];
}

export interface DecidingTables {
  readonly tables: readonly DecidingTable[];
  readonly problems: readonly Problem[];
  readonly gaps: readonly Gap[];
}
