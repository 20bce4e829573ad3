import { hasContainer } from '@heddle/core';

/** Whether a Pod has Istio's proxy: as a container, or since 1.27 by default as an init container that keeps running. */
export const inMesh = (pod: unknown): boolean => hasContainer(pod, 'istio-proxy');
