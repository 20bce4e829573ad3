import { hasContainer } from '@heddle/core';

/** Whether a Pod has the mesh's proxy, as a container or as an init container that keeps running. */
export const inMesh = (pod: unknown): boolean => hasContainer(pod, 'istio-proxy');
