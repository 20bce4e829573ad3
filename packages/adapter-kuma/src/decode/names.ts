import { parseServiceTag, serviceTag } from '../owned/ownership.js';
import type { Service } from './world-types.js';

/** The port that the mesh's own names are reached on, whatever the Service's port is (a setting of the control plane, 80). */
export const VIP_PORT = 80;

/** The mesh's own names of a service's port: `name_ns_svc_80.mesh`, and with dots (kuma `pkg/xds/topology/dns.go`, 2.14). */
export function vipNames(service: Service, port: number): readonly string[] {
  const tag = serviceTag({ namespace: service.namespace, name: service.name, port });
  return [`${tag}.mesh`, `${tag.replaceAll('_', '.')}.mesh`];
}

/** The service and port that one of the mesh's own names means. */
export function vipNamed(services: readonly Service[], host: string): { readonly service: Service; readonly port: number } | undefined {
  if (!host.endsWith('.mesh')) return undefined;
  const tag = host.slice(0, -'.mesh'.length);
  const dotted = /^([^.]+)\.([^.]+)\.svc\.(\d+)$/.exec(tag);
  const meant = parseServiceTag(dotted === null ? tag : `${dotted[1]}_${dotted[2]}_svc_${dotted[3]}`);
  const service = services.find(({ name, namespace }) => name === meant?.name && namespace === meant.namespace);
  return service === undefined || meant?.port === undefined ? undefined : { service, port: meant.port };
}
