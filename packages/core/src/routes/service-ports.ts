import type { Decoded } from '../contracts/mesh-adapter.js';
import { inputError } from '../errors/user-error.js';
import type { Note, ServiceRef } from '../model/change.js';
import { describeRef, isRecord, type KubeObject, refOf } from '../model/object.js';
import { isServiceHost } from '../plan/outcome.js';

export interface NamedPort {
  readonly port: number;
  readonly name?: string;
  readonly appProtocol?: string;
}

/** A Service's ports that are not UDP or SCTP. */
export function portsOf(service: KubeObject): readonly NamedPort[] {
  const spec = isRecord(service.spec) ? service.spec : {};
  return (Array.isArray(spec.ports) ? spec.ports : []).filter(isRecord).flatMap(({ port, name, protocol, appProtocol }) => {
    if (typeof port !== 'number' || (typeof protocol === 'string' && protocol !== 'TCP')) return [];
    const named = typeof name === 'string' && name !== '' ? { name } : {};
    return [{ port, ...named, ...(typeof appProtocol === 'string' ? { appProtocol } : {}) }];
  });
}

/** The port that is meant, or all. Throws an input error of code `unknown-port`. */
export function choosePorts(service: KubeObject, wanted: string | undefined): readonly ServiceRef[] {
  const { namespace = '', name } = refOf(service);
  const all = portsOf(service);
  const chosen = wanted === undefined ? all : all.filter((one) => String(one.port) === wanted || one.name === wanted);
  if (chosen.length > 0) return chosen.map(({ port }) => ({ namespace, name, port }));
  const list = all.map((one) => (one.name === undefined ? `${one.port}` : `${one.port} (${one.name})`)).join(', ');
  throw inputError('unknown-port', {
    path: 'SERVICE:PORT',
    expected:
      list === ''
        ? `a Service with TCP ports, which ${describeRef(refOf(service))} is not`
        : `a port of ${describeRef(refOf(service))}: ${list}`,
    received: wanted ?? 'none',
  });
}

/** Whether the mesh can tell the requests of a port apart. */
export const carriesHttp = (service: ServiceRef, tables: Decoded['tables']): boolean =>
  tables.some(
    ({ protocol, port, domains, addresses = [] }) =>
      protocol === 'http' && port === service.port && [...domains, ...addresses].some((name) => isServiceHost(name, service)),
  );

/**
 * The ports whose requests the mesh can tell apart, where no port was asked for; what is left out is noted. Where there is none, all:
 * the adapter then says what is wrong with them.
 */
export function httpPorts(
  services: readonly ServiceRef[],
  { tables }: Decoded,
): { readonly services: readonly ServiceRef[]; readonly notes: readonly Note[] } {
  const http = services.filter((service) => carriesHttp(service, tables));
  if (http.length === 0 || http.length === services.length) return { services, notes: [] };
  const notes = services
    .filter((service) => !http.includes(service))
    .map(({ port }) => ({
      code: 'port-not-split',
      message: `Port ${port} carries no HTTP as far as the mesh knows, so its connections are not split`,
    }));
  return { services: http, notes };
}
