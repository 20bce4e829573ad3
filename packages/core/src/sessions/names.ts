import type { Labels, ObjectRef } from '../model/object.js';
import { contentHash } from '../plan/content-hash.js';

export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const SESSION_LABEL = 'heddle.dev/session';
/** The Lease's annotation that holds the record. */
export const RECORD_ANNOTATION = 'heddle.dev/record';
/** Asks the live process of a session to stop. The value says who asked. */
export const STOP_ANNOTATION = 'heddle.dev/stop';
/** Selects everything of ours that is not a mesh object. */
export const MANAGED_SELECTOR = `${MANAGED_BY}=heddle`;

const LEASE_API = 'coordination.k8s.io/v1';
const NAME_LIMIT = 63;
const LABEL_LIMIT = 63;

export function ownLabels(id: string): Labels {
  return { [MANAGED_BY]: 'heddle', [SESSION_LABEL]: id };
}

const ROUTE_LABEL = 'heddle.dev/route';
const SERVICE_LABEL = 'heddle.dev/service';

/** Labels of the Lease of standing routes: its id in two parts, which together can be too long for one label. */
export function routeLabels(id: string): Labels {
  const { service, ports } = partsOfRouteId(id);
  return { [MANAGED_BY]: 'heddle', [SERVICE_LABEL]: service, [ROUTE_LABEL]: ports };
}

/** The id of a service's standing routes for a set of ports: `reviews.9080`, `cart.80-8080`. No id of a session has a dot, and no Service's name. */
export function routeId(service: string, ports: readonly number[]): string {
  const list = ports.toSorted((a, b) => a - b).join('-');
  return `${service}.${list.length <= LABEL_LIMIT ? list : `ports-${contentHash(list)}`}`;
}

export function partsOfRouteId(id: string): { readonly service: string; readonly ports: string } {
  const dot = id.indexOf('.');
  return { service: id.slice(0, dot), ports: id.slice(dot + 1) };
}

/** Whose an id is, where no record says it. */
export function kindOfId(id: string): 'session' | 'route' {
  return id.includes('.') ? 'route' : 'session';
}

export function leaseName(id: string): string {
  return `heddle-${id}`;
}

export function leaseRef(namespace: string, id: string): ObjectRef {
  return { apiVersion: LEASE_API, kind: 'Lease', namespace, name: leaseName(id) };
}

export function secretName(id: string): string {
  return `heddle-${id}`;
}

/** Name of the shadow's pod and Service: the service's name is cut, never the id. */
export function shadowName(service: string, id: string): string {
  const tail = `-${id}`;
  const head = `heddle-${service}`.slice(0, NAME_LIMIT - tail.length).replace(/[-.]+$/, '');
  return `${head}${tail}`;
}

/** The names by which a caller in the cluster reaches a Service whatever the cluster's domain is. */
export function serviceHost(service: { readonly namespace: string; readonly name: string }): string {
  return `${service.name}.${service.namespace}.svc`;
}
