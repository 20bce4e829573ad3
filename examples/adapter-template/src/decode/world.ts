import {
  type KubeObject,
  type Labels,
  labelsMatch,
  type MeshEnvironment,
  metaOf,
  type ObjectRef,
  type Observed,
  objectsOf,
  refOf,
} from '@heddle/core';
import { GATEWAY_API, HTTP_ROUTE, ownedPart } from '../names.js';
import { number, type Raw, record, records, text, texts } from '../raw.js';

export interface ServicePort {
  readonly number: number;
  /** Whether HTTPRoutes count for it. */
  readonly http: boolean;
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  /** Its full name, by which a destination is told. */
  readonly host: string;
  readonly ports: readonly ServicePort[];
  readonly selector: Labels;
  readonly addresses: readonly string[];
  readonly ref: ObjectRef;
  readonly labels: Labels;
}

/** What a route is attached to. No port: all ports. */
export interface Parent {
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
}

export interface Route {
  readonly namespace: string;
  readonly name: string;
  readonly created: string;
  readonly ref: ObjectRef;
  /** Set for routes of ours. */
  readonly own: ReturnType<typeof ownedPart>;
  readonly parents: readonly Parent[];
  readonly rules: readonly Raw[];
}

export interface World {
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
  readonly pods: readonly KubeObject[];
}

export function readWorld(seen: Observed, env: MeshEnvironment): World {
  const domain = env.settings.clusterDomain ?? 'cluster.local';
  return {
    services: objectsOf(seen, '', 'Service').map((object) => readService(object, domain)),
    routes: objectsOf(seen, GATEWAY_API, HTTP_ROUTE).map(readRoute),
    pods: objectsOf(seen, '', 'Pod'),
  };
}

export const findService = ({ services }: World, namespace: string, name: string): Service | undefined =>
  services.find((service) => service.namespace === namespace && service.name === name);

/** Whether a Service is a version of another: it selects some of that one's pods, by its labels and more. */
export const isVersionOf = (version: Service, base: Service): boolean =>
  version !== base &&
  version.namespace === base.namespace &&
  Object.keys(base.selector).length > 0 &&
  labelsMatch(base.selector, version.selector);

function readService(object: KubeObject, domain: string): Service {
  const { namespace = '', name, labels } = metaOf(object);
  const spec = record(object.spec);
  const addresses = [spec.clusterIP, ...texts(spec.clusterIPs)].map(text).filter((address) => address !== '' && address !== 'None');
  return {
    namespace,
    name,
    host: `${name}.${namespace}.svc.${domain}`,
    ports: records(spec.ports).flatMap((port) => (typeof port.port === 'number' ? [{ number: port.port, http: isHttp(port) }] : [])),
    selector: Object.fromEntries(Object.entries(record(spec.selector)).map(([key, value]) => [key, text(value)])),
    addresses: [...new Set(addresses)],
    ref: refOf(object),
    labels,
  };
}

const NOT_HTTP = ['tcp', 'tls', 'https', 'mongo', 'redis', 'mysql', 'udp'];

/** By `appProtocol`, else by the port's name up to the first dash (istio, pkg/config/kube/conversion.go, 1.31). */
function isHttp(port: Raw): boolean {
  const protocol = (text(port.appProtocol) || text(port.name).split('-', 1)[0] || '').toLowerCase();
  return port.protocol !== 'UDP' && !NOT_HTTP.includes(protocol);
}

function readRoute(object: KubeObject): Route {
  const { namespace = '', name, creationTimestamp = '' } = metaOf(object);
  const spec = record(object.spec);
  const parents = records(spec.parentRefs).filter(({ kind, group }) => kind === 'Service' && (group === '' || group === 'core'));
  return {
    namespace,
    name,
    created: creationTimestamp,
    ref: refOf(object),
    own: ownedPart(object),
    parents: parents.map((parent) => {
      const port = number(parent.port);
      return { namespace: text(parent.namespace) || namespace, name: text(parent.name), ...(port === undefined ? {} : { port }) };
    }),
    rules: records(spec.rules),
  };
}
