import type { Gap, KubeObject, ObjectRef, Problem, RouteTable, ServiceRef } from '@heddle/core';

/** A VirtualService whose rules are in a table, as the encoder edits it. */
export interface DecidingVirtualService {
  readonly ref: ObjectRef;
  /** The object as it was read: origins of rules point into it. */
  readonly object: KubeObject;
  /** Hosts as FQDNs where a short name was written, in lower case. */
  readonly hosts: readonly string[];
  /** `mesh`, or `namespace/name` of Gateway objects. */
  readonly gateways: readonly string[];
  /** As written; `undefined` when absent. */
  readonly exportTo: readonly string[] | undefined;
  /** The VirtualServices that its rules delegate to, with the index of the root's rule. */
  readonly delegates: readonly { readonly ref: ObjectRef; readonly object: KubeObject; readonly rootIndex: number }[];
}

/** One route table and the objects that made it. */
export interface DecidingTable {
  /** The very table that `decode` returns. */
  readonly table: RouteTable;
  /**
   * `host`: a mesh table of a host (a service or a name that a VirtualService claims); `gateway`: a gateway's table;
   * `rest`: what is said of all other hosts or ports (passed through, blocked or 404).
   */
  readonly role: 'host' | 'gateway' | 'rest';
  /** The FQDN or other name that the table is of; `*` for `rest`. */
  readonly host: string;
  /** The services of the target that this table can send requests to, or is the implicit route of. */
  readonly services: readonly ServiceRef[];
  /**
   * In order of effect. On the mesh at most one: the one that wins in this view. On a gateway all that are merged. Empty: none
   * decides, so the service's implicit route (or the listener's rest) does, or `routes`.
   */
  readonly virtualServices: readonly DecidingVirtualService[];
  /** HTTPRoutes and GRPCRoutes attached to the service that decide here in place of a VirtualService, oldest first. */
  readonly routes: readonly ObjectRef[];
  /** Gateway plane: `namespace/name` of the Gateway objects that serve these domains. */
  readonly gateways: readonly string[];
}

export interface DecidingTables {
  readonly tables: readonly DecidingTable[];
  readonly problems: readonly Problem[];
  readonly gaps: readonly Gap[];
}
