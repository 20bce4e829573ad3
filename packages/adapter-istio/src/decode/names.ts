import type { Service } from './world-types.js';

/** The names under which clients everywhere reach a service; its bare name holds in its own namespace only. */
export function serviceNames(service: Service): readonly string[] {
  const short = `${service.name}.${service.namespace}`;
  return [service.host, `${service.host}.`, short, `${short}.svc`, ...service.addresses];
}
