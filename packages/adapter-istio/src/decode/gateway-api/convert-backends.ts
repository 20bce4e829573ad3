import { number, type Raw, records, text } from '../raw.js';
import type { RouteDestination, Service } from '../world-types.js';
import { headerChanges } from './convert-filters.js';
import type { Unusable } from './convert-match.js';
import { backendReference, isService } from './references.js';

/** What conversion looks up. */
export interface Registry {
  readonly domain: string;
  readonly serviceByHost: ReadonlyMap<string, Service>;
}

interface Backend {
  /** Host `''` where istiod knows no such kind: a cluster that never exists. */
  readonly destination: RouteDestination;
  readonly exists: boolean;
}

/**
 * What a backendRef is to a sidecar (istio `conversion.go`, `buildDestination`, 1.31). On the mesh no ReferenceGrant is asked for. A
 * Service that is not there stays a destination, which proxies answer with 500. A Hostname is looked for among the Services of the route's
 * own namespace.
 */
export function backendOf(raw: Raw, namespace: string, { domain, serviceByHost }: Registry): Backend | Unusable {
  const { group, kind, name, port, ...ref } = backendReference(raw, namespace);
  const at = (host: string, exists = serviceByHost.has(host)): Backend | Unusable =>
    port === undefined
      ? { unusable: `the backend ${name} has no port` }
      : { destination: { host, subset: '', port, weight: 0, headers: undefined }, exists };
  if (isService({ group, kind, name, port, ...ref })) {
    if (name.includes('.')) return { unusable: `the backend ${name} is a host name, where the name of a Service is asked for` };
    return at(`${name}.${ref.namespace}.svc.${domain}`);
  }
  if (group === 'multicluster.x-k8s.io' && kind === 'ServiceImport') return at(`${name}.${ref.namespace}.svc.${domain}`);
  if (group === 'networking.istio.io' && kind === 'Hostname') {
    return text(raw.namespace) === ''
      ? at(name, serviceByHost.get(name)?.namespace === namespace)
      : { unusable: `the backend ${name} is a Hostname with a namespace` };
  }
  return { destination: { host: '', subset: '', port: undefined, weight: 0, headers: undefined }, exists: false };
}

/** The destinations of a rule; none where all weights are 0. A weight that is not said is 1. */
export function backendsOf(list: unknown, namespace: string, registry: Registry): readonly RouteDestination[] | Unusable {
  const out: RouteDestination[] = [];
  for (const raw of records(list)) {
    const weight = number(raw.weight) ?? 1;
    if (weight === 0) continue;
    const backend = backendOf(raw, namespace, registry);
    if ('unusable' in backend) return backend;
    const headers = headerChanges(records(raw.filters));
    if ('unusable' in headers) return headers;
    if (headers.rest.length > 0) return { unusable: `a backend has a filter ${text(headers.rest[0]?.type)}, which only rules can have` };
    out.push({ ...backend.destination, weight, headers: headers.changes });
  }
  return out;
}
