import { hasContainer, metaOf } from '@heddle/core';
import { enabled, INJECTION } from '../decode/parse-kube.js';

/** Whether a Pod has Kuma's proxy: as a container, or as an init container that keeps running (sidecar containers, since 2.7). */
export const inMesh = (pod: unknown): boolean => hasContainer(pod, 'kuma-sidecar');

/** What the labels say of injection: the Pod's, else the Namespace's, without which there is none (kuma `webhooks/injector/precheck.go`, 2.14). */
export function injects(pod: unknown, namespace: unknown): boolean | undefined {
  const own = enabled(metaOf(pod).labels[INJECTION]);
  return own ?? (namespace === undefined ? undefined : enabled(metaOf(namespace).labels[INJECTION]) === true);
}
