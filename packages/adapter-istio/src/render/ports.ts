import { isRecord, type KubeObject, type RoutedService, type RouteTable } from '@heddle/core';
import { number } from '../decode/raw.js';
import type { PortProtocol } from '../decode/world-types.js';
import type { Surroundings } from './surroundings.js';

/** What Istio takes a Service's port for; one that is not known of counts as HTTP. */
export const protocolOf = (service: RoutedService, port: number, around: Surroundings): PortProtocol =>
  around.service(service)?.ports.get(port) ?? 'http';

/** The ports where requests are routed as such, though Istio would pass connections on. */
export const unseenPorts = (service: RoutedService, around: Surroundings): readonly number[] =>
  [...new Set(service.tables.filter(isHttp).map(({ port }) => port))].filter((port) =>
    ['tcp', 'tls'].includes(protocolOf(service, port, around)),
  );

const isHttp = ({ protocol, otherwise, rules }: RouteTable): boolean => protocol === 'http' && (rules.length > 0 || otherwise !== 'closed');

/** The Service with what its ports speak. */
export function speakingHttp(object: KubeObject, ports: readonly number[]): KubeObject {
  const spec = isRecord(object.spec) ? object.spec : {};
  const amended = (Array.isArray(spec.ports) ? spec.ports : []).map((port: unknown) =>
    isRecord(port) && ports.includes(number(port.port) ?? 0) ? { ...port, appProtocol: 'http' } : port,
  );
  return { ...object, spec: { ...spec, ports: amended } };
}
