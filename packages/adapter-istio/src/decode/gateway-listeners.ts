import type { Findings } from '@heddle/core';
import { type Raw, text } from './raw.js';
import type { Gateway, GatewayServer, Pod, Service, World } from './world-types.js';

/**
 * `http`: all plain HTTP servers of a port; `https`: one server that ends TLS; `tcp`: a server for connections of any kind; `tls`:
 * one that routes by the server name of TLS.
 */
export type ListenerKind = 'http' | 'https' | 'tcp' | 'tls';

export interface GatewayListener {
  /** The ports that clients dial. */
  readonly dialled: readonly number[];
  readonly kind: ListenerKind;
  readonly servers: readonly { readonly gateway: Gateway; readonly server: GatewayServer }[];
}

const HTTP = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY']);

/**
 * The listeners of a gateway proxy from all Gateway objects that select it, oldest first (istio `pilot/pkg/model/gateway.go`,
 * `mergeGateways`, 1.31): a server's port is a port of a Service that selects the proxy, and translated to its target port, else
 * taken as it is; on one port plain HTTP servers merge, and a server of another protocol than the first is left out.
 */
export function gatewayListeners(world: World, gateways: readonly Gateway[], pod: Pod, found: Findings): readonly GatewayListener[] {
  const services = world.services.filter((service) => service.namespace === pod.ref.namespace && selects(service, pod));
  const listeners = new Map<number, { kind: ListenerKind; all: { gateway: Gateway; server: GatewayServer }[][] }>();
  for (const gateway of gateways) {
    for (const server of gateway.servers) {
      if (server.bind !== '')
        found.gap('gateway.bind', `Gateway ${gateway.namespace}/${gateway.name}: servers with bind are not read`, gateway.ref);
      const port = targetOf(server.number, services, pod);
      const kind = kindOf(server);
      const known = listeners.get(port);
      if (known === undefined) listeners.set(port, { kind, all: [[{ gateway, server }]] });
      else if (known.kind !== kind || kind === 'tcp') {
        found.problem(
          'gateway-server-ignored',
          `Gateway ${gateway.namespace}/${gateway.name}: the server on port ${server.number} (${server.protocol}) is left out, an older one has the port with another protocol`,
          gateway.ref,
        );
      } else if (kind === 'http') known.all[0]?.push({ gateway, server });
      else known.all.push([{ gateway, server }]);
    }
  }
  return [...listeners].flatMap(([port, { kind, all }]) => {
    const dialled = dialledPorts(port, services, pod);
    return dialled.length === 0 ? [] : all.map((servers) => ({ dialled, kind, servers }));
  });
}

/** The Service ports that lead to a listener's port; the port itself where no Service port has its number. */
function dialledPorts(port: number, services: readonly Service[], pod: Pod): readonly number[] {
  const ports = services.flatMap((service) => service.ports);
  const leading = ports.filter(({ target }) => portNumber(target, pod) === port).map(({ number }) => number);
  if (leading.length > 0) return [...new Set(leading)];
  return ports.some(({ number }) => number === port) ? [] : [port];
}

function kindOf({ protocol, tls }: GatewayServer): ListenerKind {
  if (HTTP.has(protocol)) return 'http';
  if (tls === undefined) return 'tcp';
  return protocol === 'HTTPS' && endsTls(tls) ? 'https' : 'tls';
}

const endsTls = (tls: Raw): boolean => !['', 'PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(text(tls.mode));

function selects(service: Service, pod: Pod): boolean {
  const wanted = Object.entries(service.selector);
  return wanted.length > 0 && wanted.every(([key, value]) => pod.labels[key] === value);
}

const portNumber = (target: number | string, pod: Pod): number | undefined => (typeof target === 'number' ? target : pod.ports.get(target));

/** Of ports of a Service with the same target and protocol, istiod knows the first only (`GetProxyServiceTargetsByPod`). */
function targetOf(number: number, services: readonly Service[], pod: Pod): number {
  for (const service of services) {
    const known = new Set<string>();
    for (const port of service.ports) {
      const target = portNumber(port.target, pod);
      const key = `${target ?? port.target} ${port.protocol}`;
      if (known.has(key)) continue;
      known.add(key);
      if (port.number === number) return target ?? number;
    }
  }
  return number;
}
