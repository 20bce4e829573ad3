import { hasContainer, isRecord, metaOf } from '@heddle/core';

/** Whether a Pod has Istio's proxy: as a container, or since 1.27 by default as an init container that keeps running. */
export const inMesh = (pod: unknown): boolean => hasContainer(pod, 'istio-proxy');

const INJECT = 'sidecar.istio.io/inject';

/**
 * What the labels say of injection (istio 1.31, manifests/charts/istio-control/istio-discovery, mutatingwebhook.yaml): the namespace's
 * and the Pod's; whichever says no counts. Where the Namespace says nothing, installations differ.
 */
export function injects(pod: unknown, namespace: unknown): boolean | undefined {
  const { labels, annotations } = metaOf(pod);
  const own = labels[INJECT] ?? annotations[INJECT];
  const spec = isRecord(pod) && isRecord(pod.spec) ? pod.spec : {};
  const { 'istio-injection': injection, 'istio.io/rev': revision } = metaOf(namespace).labels;
  if (spec.hostNetwork === true || own === 'false') return false;
  if (injection !== undefined) return injection === 'enabled';
  return own === 'true' || (revision ?? '') !== '' ? true : undefined;
}
