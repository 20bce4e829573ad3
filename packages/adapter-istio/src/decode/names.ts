import type { Service } from './world-types.js';

/** The names under which clients everywhere reach a service; its bare name holds in its own namespace only. */
export function serviceNames(service: Service): readonly string[] {
  const short = `${service.name}.${service.namespace}`;
  return [service.host, `${service.host}.`, short, `${short}.svc`, ...service.addresses];
}

/** What a client may dial to reach a listener at the service's own address. */
export function serviceAddresses(service: Service): readonly string[] {
  const short = `${service.name}.${service.namespace}`;
  return [service.host, `${short}.svc`, short, ...service.addresses];
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
