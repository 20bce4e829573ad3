import { isRecord, type KubeObject, type Labels, metaOf } from '../model/object.js';
import type { RoutedService, Routing } from '../model/routing.js';
import type { RouteTable } from '../model/table.js';
import { isServiceHost } from '../plan/outcome.js';
import { portsOf } from '../routes/service-ports.js';
import { mergeViews } from './merge-views.js';

/** The routing of the Services among some objects, and the tables that are for none of them. */
export interface RoutingOf {
  readonly routing: Routing;
  /** Gateways' tables, those of hosts that are no Service, and those for all that no other table covers. */
  readonly rest: readonly RouteTable[];
}

/**
 * The tables of mesh callers, by the Service that they are for: the one whose full name is among their addresses or domains. Callers
 * for whom a Service's port is routed alike are one table, however finely the decode told them apart.
 */
export function routingOf(tables: readonly RouteTable[], objects: readonly KubeObject[]): RoutingOf {
  const claimed = new Set<RouteTable>();
  const services = objects.filter(isService).map((service) => {
    const own = tablesFor(service, tables);
    for (const table of own) claimed.add(table);
    return routedService(service, own);
  });
  return { routing: { services, objects }, rest: tables.filter((table) => !claimed.has(table)) };
}

export const isService = ({ apiVersion, kind }: KubeObject): boolean => apiVersion === 'v1' && kind === 'Service';

/** The mesh's tables of one Service. */
export function tablesFor(service: KubeObject, tables: readonly RouteTable[]): readonly RouteTable[] {
  const { namespace = '', name } = metaOf(service);
  const isMeant = (host: string) => isServiceHost(host, { namespace, name });
  return tables.filter(({ view, domains, addresses = [] }) => view.plane === 'mesh' && [...domains, ...addresses].some(isMeant));
}

/** A Service with the tables that are for it, on the ports that it has. */
export function routedService(service: KubeObject, tables: readonly RouteTable[]): RoutedService {
  const { namespace = '', name } = metaOf(service);
  const ports = portsOf(service);
  const selector = selectorOf(service);
  return {
    namespace,
    name,
    ...(selector === undefined ? {} : { selector }),
    ports,
    tables: ports.flatMap(({ port }) => mergeViews(ownListeners(tables.filter((table) => table.port === port)))),
  };
}

/** Where a Service's port has a listener of its own, that one is dialled; the shared one on the port is for other addresses. */
function ownListeners(tables: readonly RouteTable[]): readonly RouteTable[] {
  const own = tables.filter(({ addresses }) => addresses !== undefined);
  return own.length > 0 ? own : tables;
}

export function selectorOf(service: KubeObject): Labels | undefined {
  const spec = isRecord(service.spec) ? service.spec : {};
  if (!isRecord(spec.selector)) return undefined;
  return Object.fromEntries(Object.entries(spec.selector).filter((one): one is [string, string] => typeof one[1] === 'string'));
}
