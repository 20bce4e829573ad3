import type { Reach } from './clusters.js';
import { parseDestination } from './parse-http-rule.js';
import type { ClientProxy } from './proxy.js';
import { record, records, text } from './raw.js';
import type { SidecarScope } from './sidecar-scope.js';
import { isVisible } from './visible.js';
import type { Service, VirtualService, World } from './world-types.js';

const NOTHING: ReadonlySet<number> = new Set();

/**
 * Which clusters a sidecar has: those of imported services, and of services that an imported VirtualService sends to, there only
 * the ports that it names (istio `pilot/pkg/model/sidecar.go`, `collectImportedServices`, 1.31).
 */
export function reachOf(world: World, scope: SidecarScope, proxy: ClientProxy, virtualServices: () => readonly VirtualService[]): Reach {
  let named: ReadonlyMap<string, ReadonlySet<number>> | undefined;
  return (service) => {
    if (scope.imports(service)) return 'all';
    named ??= destinationsOf(virtualServices(), proxy.namespace, world.domain);
    const ports = named.get(service.host);
    if (ports === undefined || !(service.namespace === proxy.namespace || isVisible(service.visible, proxy.namespace))) return NOTHING;
    return ports.has(0) ? 'all' : ports;
  };
}

/** Hosts that are sent to, with their ports; 0 where a destination names none. */
function destinationsOf(
  virtualServices: readonly VirtualService[],
  namespace: string,
  domain: string,
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  const add = ({ host, port }: { readonly host: string; readonly port: number | undefined }): void => {
    found.set(host, new Set([...(found.get(host) ?? []), port ?? 0]));
  };
  for (const virtualService of virtualServices) {
    for (const rule of virtualService.http) {
      const sources = rule.match.map((match) => text(match.sourceNamespace)).filter((source) => source !== '');
      if (sources.length > 0 && !sources.includes(namespace)) continue;
      for (const route of rule.route) add(route);
      if (rule.mirror !== undefined) add(rule.mirror);
      for (const { destination } of rule.mirrors ?? []) add(destination);
    }
    for (const raw of [...virtualService.tcp, ...virtualService.tls]) {
      for (const route of records(raw.route)) add(parseDestination(record(route.destination), virtualService.namespace, domain));
    }
  }
  return found;
}

export const reachOfGateway =
  (proxy: ClientProxy): Reach =>
  (service: Service) =>
    isVisible(service.visible, proxy.namespace) ? 'all' : NOTHING;
