import { type Destination, type KubeObject, metaOf, type RoutedService, type Routing, type Rule } from '@heddle/core';
import { isHttp, parseProtocol } from '../decode/protocols.js';
import { number, type Raw, record, text } from '../decode/raw.js';
import { serviceOfHost } from './hosts.js';

export interface HttpServices {
  /** All objects, with Services that say which of their ports carry HTTP. */
  readonly objects: readonly KubeObject[];
  /** The Services among them that did not say so before. */
  readonly changed: readonly KubeObject[];
  /** One sentence each. */
  readonly notes: readonly string[];
}

/**
 * Kuma takes a port for TCP unless its Service says otherwise, whatever the port is called (kuma `k8s/controllers/inbound_converter.go`,
 * `ProtocolTagFor`, 2.14). Services of a routing that are not among its objects are added to them.
 */
export function httpServices({ services, objects }: Routing): HttpServices {
  const http = httpPorts(services);
  const seen = new Set(objects.filter(({ kind }) => kind === 'Service').map(keyOf));
  const missing = services.filter((service) => !seen.has(`${service.namespace}/${service.name}`)).map(objectOf);
  const changed: KubeObject[] = [];
  const notes: string[] = [];
  const all = [...objects, ...missing].map((object) => {
    const ports = object.kind === 'Service' ? http.get(keyOf(object)) : undefined;
    const amended = ports === undefined ? object : saying(object, ports);
    if (amended === object) return object;
    // What is known of a Service that nobody showed is not all of it, so it is not written.
    if (missing.includes(object)) {
      notes.push(`Service ${keyOf(object)} must say which of its ports carry HTTP (appProtocol: http): Kuma takes others for TCP.`);
      return amended;
    }
    changed.push(amended);
    notes.push(`Service ${keyOf(object)} says which of its ports carry HTTP: Kuma takes others for TCP, whatever they are called.`);
    return amended;
  });
  return { objects: all, changed, notes };
}

const keyOf = (object: KubeObject): string => {
  const { namespace = '', name } = metaOf(object);
  return `${namespace}/${name}`;
};

/** The ports whose requests are routed, and those that these are sent to. */
function httpPorts(services: readonly RoutedService[]): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  const add = (key: string, port: number) => found.set(key, (found.get(key) ?? new Set()).add(port));
  for (const { namespace, name, tables } of services) {
    for (const table of tables) {
      if (table.protocol !== 'http' || (table.rules.length === 0 && table.otherwise === 'passthrough')) continue;
      add(`${namespace}/${name}`, table.port);
      for (const { host, port = table.port } of [...table.rules, { action: table.otherwise }].flatMap(destinationsOf)) {
        const to = serviceOfHost(host);
        if (to !== undefined) add(`${to.namespace}/${to.name}`, port);
      }
    }
  }
  return found;
}

/** Where a rule sends requests, and copies of them. */
export function destinationsOf({ action, mirrors = [] }: Pick<Rule, 'action' | 'mirrors'>): readonly Destination[] {
  const to = typeof action === 'object' && 'to' in action ? action.to : [];
  return [...to, ...mirrors.map(({ destination }) => destination)];
}

function objectOf({ namespace, name, selector, ports }: RoutedService): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ...(selector === undefined ? {} : { selector }), ports },
  };
}

/** The Service with the protocol of these ports. What it says that Kuma does not understand stays, and an annotation says it again. */
function saying(object: KubeObject, http: ReadonlySet<number>): KubeObject {
  const spec = record(object.spec);
  const { annotations } = metaOf(object);
  const added: Record<string, string> = {};
  let changes = false;
  const ports = (Array.isArray(spec.ports) ? spec.ports : []).map((one: unknown) => {
    const raw = record(one);
    const port = number(raw.port);
    const annotation = annotations[`${port}.service.kuma.io/protocol`];
    if (port === undefined || !http.has(port) || isHttp(parseProtocol(text(raw.appProtocol)))) return one;
    if (parseProtocol(text(raw.appProtocol)) === 'unknown' && annotation !== undefined && isHttp(annotation.toLowerCase())) return one;
    changes = true;
    if (text(raw.appProtocol) === '' || parseProtocol(text(raw.appProtocol)) !== 'unknown') return { ...raw, appProtocol: protocolOf(raw) };
    added[`${port}.service.kuma.io/protocol`] = protocolOf(raw);
    return one;
  });
  if (!changes) return object;
  const metadata = record(object.metadata);
  const all = { ...annotations, ...added };
  return {
    ...object,
    metadata: Object.keys(added).length === 0 ? metadata : { ...metadata, annotations: all },
    spec: { ...spec, ports },
  };
}

/** By the port's name or what it says in other words: `grpc-web`, `http2-api`, `kubernetes.io/h2c`. */
function protocolOf({ name, appProtocol }: Raw): string {
  const said = [text(appProtocol), text(name)].join(' ').toLowerCase();
  if (/(^| )grpc/.test(said)) return 'grpc';
  return /h2c|(^| )(http2|h2)\b/.test(said) ? 'http2' : 'http';
}
