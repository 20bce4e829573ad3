import { type KubeObject, metaOf, refKey, type ServiceRef, type View, viewKey } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import type { Visibility } from '../decode/world-types.js';
import { MESH_GATEWAY } from './virtual-service.js';

/** One VirtualService and the tables in which it decides. */
export interface Site {
  readonly object: KubeObject;
  readonly namespace: string;
  /** Hosts as FQDNs. */
  readonly hosts: readonly string[];
  /** All that the object is bound to: `mesh`, or Gateway objects. */
  readonly gateways: readonly string[];
  /** The VirtualServices that its rules delegate to, as far as they count. */
  readonly delegates: readonly KubeObject[];
  readonly tables: readonly DecidingTable[];
}

/** What a change has to write to: the service's deciding VirtualServices, and the mesh tables that have none. */
export interface Sites {
  readonly sites: readonly Site[];
  readonly bare: readonly DecidingTable[];
}

export function sitesOf(tables: readonly DecidingTable[], exposed: Exposed): Sites {
  const sites = new Map<string, Site>();
  const bare: DecidingTable[] = [];
  for (const table of tables) {
    if (table.role === 'rest' || table.table.protocol !== 'http' || !table.services.some(exposed.includes)) continue;
    if (table.routes.length > 0) continue;
    if (table.virtualServices.length === 0) {
      if (isMeshTable(table) && isOwnTable(table, exposed)) bare.push(table);
      continue;
    }
    for (const { object, ref, hosts, gateways, delegates } of table.virtualServices) {
      const known = sites.get(refKey(ref));
      const namespace = metaOf(object).namespace ?? '';
      sites.set(refKey(ref), {
        object,
        namespace,
        hosts,
        gateways,
        delegates: delegates.map((leaf) => leaf.object),
        tables: [...(known?.tables ?? []), table],
      });
    }
  }
  return { sites: [...sites.values()], bare };
}

/** The base service with the ports that the change is about. */
export interface Exposed {
  readonly host: string;
  readonly ports: readonly number[];
  /** All TCP ports of the Service. */
  readonly allPorts: readonly number[];
  /**
   * Proxies know the Service's full name on port 80 as well, where it has no such port: a VirtualService's host that is no Service of
   * the port counts on 80, as soon as some other Service has it for HTTP (istio `route/route.go`, 1.31).
   */
  readonly strayOn80: boolean;
  /** The namespaces whose proxies know the Service; `*` for all. */
  readonly visible: Visibility;
  includes(service: ServiceRef): boolean;
}

export const isMeshTable = ({ table }: DecidingTable): boolean => table.view.plane === 'mesh';

/** A table of the service itself, not of another host that sends to it. */
export const isOwnTable = (table: DecidingTable, exposed: Exposed): boolean =>
  table.role === 'host' && table.host === exposed.host && exposed.ports.includes(table.table.port);

export const boundToMesh = (site: Site): boolean => site.gateways.includes(MESH_GATEWAY);

export function inViews(views: 'all' | readonly View[], table: DecidingTable): boolean {
  return views === 'all' || views.some((view) => viewKey(view) === viewKey(table.table.view));
}
