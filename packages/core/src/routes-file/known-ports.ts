import { isRecord, type KubeObject, type Labels, metaOf } from '../model/object.js';
import { type NamedPort, portsOf } from '../routes/service-ports.js';
import type { DescribedService, FileRoute } from './types.js';

/** What is known of a Service without a cluster. */
export interface KnownService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly NamedPort[];
  readonly selector?: Labels;
}

/** From its object, else from what files say of it; without either, it has the ports that routes name by their numbers. */
export function knownService(
  service: { readonly namespace: string; readonly name: string },
  objects: readonly KubeObject[],
  described: DescribedService | undefined,
  routes: readonly FileRoute[],
): KnownService {
  const { namespace, name } = service;
  const object = objects.find((one) => {
    const meta = metaOf(one);
    return one.apiVersion === 'v1' && one.kind === 'Service' && meta.namespace === namespace && meta.name === name;
  });
  if (object !== undefined) return { namespace, name, ports: portsOf(object), ...selectorOf(object) };
  const { ports = [], selector } = described ?? {};
  const dialled = routes.flatMap(({ port = '' }) => (/^\d{1,5}$/.test(port) ? [Number(port)] : []));
  const named = [...new Set(dialled)].map((port) => ({ port }));
  return { namespace, name, ports: ports.length > 0 ? ports : named, ...(selector === undefined ? {} : { selector }) };
}

function selectorOf({ spec }: KubeObject): { readonly selector?: Labels } {
  if (!isRecord(spec) || !isRecord(spec.selector)) return {};
  return { selector: Object.fromEntries(Object.entries(spec.selector).map(([key, value]) => [key, String(value)])) };
}

export type PortChoice =
  | { readonly ports: readonly NamedPort[]; readonly notes: readonly string[] }
  | { readonly expected: string; readonly received: string };

/** The ports that a route is for: the one that it names, else all that are said to carry HTTP, else the only one. */
export function chosenPorts({ service, port: wanted }: Pick<FileRoute, 'service' | 'port'>, known: KnownService): PortChoice {
  const { namespace, name, ports } = known;
  const received = wanted === undefined ? service : `${service}:${wanted}`;
  const list = ports.map((one) => (one.name === undefined ? `${one.port}` : `${one.port} (${one.name})`)).join(', ');
  if (wanted !== undefined) {
    const chosen = ports.filter((one) => String(one.port) === wanted || one.name === wanted);
    if (chosen.length > 0) return { ports: chosen, notes: [] };
    return { expected: list === '' ? NO_PORTS : `a port of Service ${namespace}/${name}: ${list}`, received };
  }
  if (ports.length === 0) return { expected: NO_PORTS, received };
  const http = ports.filter(saysHttp);
  const left = ports.filter((one) => !http.includes(one)).map(({ port }) => port);
  if (http.length > 0) {
    return {
      ports: http,
      notes: left.map((port) => `Port ${port} of Service ${namespace}/${name} is not said to carry HTTP, so no route is for it.`),
    };
  }
  const [only, ...more] = ports;
  if (only === undefined || more.length > 0) {
    return { expected: `${service}:PORT, since nothing says which of its ports carry HTTP: ${list}`, received };
  }
  return { ports: [only], notes: [`Port ${only.port} of Service ${namespace}/${name} is taken to carry HTTP.`] };
}

const NO_PORTS = 'SERVICE:PORT with a number, or the ports of the Service, in services or as a Service object';

/**
 * Whether a port is said to carry HTTP: by its appProtocol, `kubernetes.io/h2c` and `kubernetes.io/ws` among them (Kubernetes, Service,
 * appProtocol), else by the beginning of its name.
 */
function saysHttp({ appProtocol, name = '' }: NamedPort): boolean {
  const said = appProtocol?.replace(/^kubernetes\.io\//, '') ?? name.split('-')[0] ?? '';
  return ['http', 'http2', 'h2c', 'grpc', 'ws'].includes(said.toLowerCase());
}
