import { parseServiceTag, serviceTag } from '../owned/ownership.js';
import type { Service } from './world-types.js';

/** The port that the mesh's own names are reached on, whatever the Service's port is (a setting of the control plane, 80). */
export const VIP_PORT = 80;

/** What a client may dial to reach a listener at the service's own address; its bare name holds in its own namespace only. */
export function serviceAddresses(service: Service): readonly string[] {
  const short = `${service.name}.${service.namespace}`;
  return [service.host, `${short}.svc`, short, ...service.addresses];
}

/** The mesh's own names of a service's port: `name_ns_svc_80.mesh`, and with dots (kuma `pkg/xds/topology/dns.go`, 2.14). */
export function vipNames(service: Service, port: number): readonly string[] {
  const tag = serviceTag({ namespace: service.namespace, name: service.name, port });
  return [`${tag}.mesh`, `${tag.replaceAll('_', '.')}.mesh`];
}

/** Splits `host`, `host:port`, `[v6]:port`. */
export function splitHostPort(written: string): { readonly host: string; readonly port: number | undefined } {
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(written.toLowerCase());
  return { host: (parts?.[1] ?? written).replace(/\.$/, ''), port: parts?.[2] === undefined ? undefined : Number(parts[2]) };
}

/** The services that a host may mean; a bare name means one in each namespace that has it. */
export function servicesNamed(services: readonly Service[], host: string): readonly Service[] {
  if (!host.includes('.')) return services.filter(({ name }) => name === host);
  return services.filter((service) => serviceAddresses(service).includes(host));
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
