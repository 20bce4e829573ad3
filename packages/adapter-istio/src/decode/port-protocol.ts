import type { PortProtocol } from './world-types.js';

/** SMTP, DNS, MySQL and MongoDB speak first, so Istio does not look for HTTP on these ports. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);

const KNOWN: ReadonlyMap<string, PortProtocol> = new Map([
  ['tcp', 'tcp'],
  ['udp', 'udp'],
  ['grpc', 'http'],
  ['http', 'http'],
  ['http_proxy', 'http'],
  ['http2', 'http'],
  ['https', 'tls'],
  ['tls', 'tls'],
  ['mongo', 'tcp'],
  ['redis', 'tcp'],
  ['mysql', 'tcp'],
]);

const STANDARD: ReadonlyMap<string | undefined, PortProtocol> = new Map([
  ['kubernetes.io/h2c', 'http'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'tls'],
]);

/**
 * What Istio takes a Service port for: `appProtocol`, else the port name up to the first `-`; `auto` means that the proxy looks at
 * the first bytes (istio `pkg/config/kube/conversion.go`, 1.31).
 */
export function portProtocol(port: { number: number; name: string; transport: string; appProtocol: string | undefined }): PortProtocol {
  if (port.transport === 'UDP') return 'udp';
  const standard = STANDARD.get(port.appProtocol);
  if (standard !== undefined) return standard;
  const name = (port.appProtocol ?? port.name).toLowerCase();
  if (name.startsWith('grpc-web')) return 'http';
  const known = KNOWN.get(name.split('-', 1)[0] ?? '');
  return known ?? (SERVER_FIRST.has(port.number) ? 'tcp' : 'auto');
}
