import { metaOf, type Observed, objectsOf } from '@heddle/core';

/**
 * Whether a namespace's pods are in ambient mode: their calls go through ztunnel, which follows no VirtualService (istio.io, Ambient mode,
 * "Use Layer 7 features"; a sidecar, where injection gives one, is used instead).
 */
export function isAmbient(namespace: string, seen: Observed): boolean {
  const object = objectsOf(seen, '', 'Namespace').find((one) => metaOf(one).name === namespace);
  const { 'istio.io/dataplane-mode': mode, 'istio-injection': injection, 'istio.io/rev': revision } = metaOf(object).labels;
  return mode === 'ambient' && injection !== 'enabled' && (revision ?? '') === '';
}

export const ambientMessage = (namespace: string): string =>
  `Pods of namespace ${namespace} are in ambient mode: without a waypoint their calls follow no VirtualService; those of pods with sidecars and of gateways do`;
