import type { Labels, ObjectRef } from '../model/object.js';

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

export function ownLabels(id: string): Labels {
  return { [MANAGED_BY]: 'heddle', [SESSION_LABEL]: id };
}

export const ROUTE_LABEL = 'heddle.dev/route';
export const SERVICE_LABEL = 'heddle.dev/service';

/** Labels of a standing route's Lease. */
export function routeLabels(service: string, name: string): Labels {
  return { [MANAGED_BY]: 'heddle', [SERVICE_LABEL]: service, [ROUTE_LABEL]: name };
}

/** The id of a standing route, made of what its users call it. Neither has a dot, and ids of sessions have none. */
export function routeId(service: string, name: string): string {
  return `${service}.${name}`;
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
