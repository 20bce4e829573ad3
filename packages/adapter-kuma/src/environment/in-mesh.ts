import { hasContainer } from '@heddle/core';

/** Whether a Pod has Kuma's proxy: as a container, or as an init container that keeps running (sidecar containers, since 2.7). */
export const inMesh = (pod: unknown): boolean => hasContainer(pod, 'kuma-sidecar');
