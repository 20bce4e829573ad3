import { isRecord, type KubeObject, type MeshEnvironment, metaOf, type Note, type Observed, objectsOf } from '@heddle/core';
import { record, records } from '../decode/raw.js';

/**
 * Whether a namespace's new pods get a sidecar: `istio-injection` goes before a revision (istio.io, Installing the Sidecar). Where the
 * namespace cannot be read, the service's own pods tell.
 */
export function injects(
  namespace: string,
  basePods: readonly KubeObject[],
  seen: Observed,
  env: MeshEnvironment,
): { readonly sidecar: boolean; readonly notes: readonly Note[] } {
  const object = objectsOf(seen, '', 'Namespace').find((one) => metaOf(one).name === namespace);
  if (object === undefined) {
    const sidecar = basePods.some(hasSidecar);
    const message = `Namespace ${namespace} could not be read; the service's pods have ${sidecar ? 'a' : 'no'} sidecar, so the shadow gets ${sidecar ? 'one' : 'none'}`;
    return { sidecar, notes: [{ code: 'namespace-unread', message }] };
  }
  const { labels } = metaOf(object);
  const injection = labels['istio-injection'];
  if (injection !== undefined) return { sidecar: injection === 'enabled', notes: [] };
  if ((labels['istio.io/rev'] ?? '') !== '') return { sidecar: true, notes: [] };
  return { sidecar: env.settings.enableNamespacesByDefault === 'true', notes: [] };
}

export function hasSidecar(pod: KubeObject): boolean {
  const spec = record(pod.spec);
  return [...records(spec.containers), ...records(spec.initContainers)].some((container) => container.name === 'istio-proxy');
}

/** The service's own pods: what its selector picks. */
export function podsOf(service: KubeObject, seen: Observed): readonly KubeObject[] {
  const { namespace } = metaOf(service);
  const selector = record(service.spec).selector;
  if (!isRecord(selector) || Object.keys(selector).length === 0) return [];
  return objectsOf(seen, '', 'Pod').filter((pod) => {
    const meta = metaOf(pod);
    return meta.namespace === namespace && Object.entries(selector).every(([key, value]) => meta.labels[key] === value);
  });
}
