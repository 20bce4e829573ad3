import { isRecord, type KubeObject, metaOf, type Request } from '@heddle/core';
import type { Caller } from './types.js';

/** What is easily overlooked where nothing routes a request: a bare name is one of the caller's own namespace, and a port is one of the Service's. */
export function unknownHostNotes(services: readonly KubeObject[], { host, port }: Request, { namespace }: Caller): readonly string[] {
  const name = host.toLowerCase();
  if (name.includes('.') || name.includes(':')) return [];
  const same = services.filter((service) => metaOf(service).name === name);
  const here = same.find((service) => metaOf(service).namespace === namespace);
  if (here !== undefined) {
    const ports = portsOf(here);
    return ports.includes(port) ? [] : [`Service ${namespace}/${name} has no port ${port}; it has ${ports.join(', ') || 'none'}.`];
  }
  const elsewhere = same.map((service) => metaOf(service).namespace ?? 'default');
  const [first] = elsewhere;
  if (first === undefined) return [];
  return [
    `There is no Service ${name} in the caller's namespace ${namespace}; there is one in ${elsewhere.join(', ')}: -n ${first} for a caller there, or http://${name}.${first}.`,
  ];
}

function portsOf(service: KubeObject): readonly unknown[] {
  const spec = isRecord(service.spec) ? service.spec : {};
  return (Array.isArray(spec.ports) ? spec.ports : []).filter(isRecord).map(({ port }) => port);
}
