import { record, records } from '../decode/raw.js';

/** Whether a Pod has Kuma's proxy: as a container, or as an init container that keeps running (sidecar containers, since 2.7). */
export function inMesh(pod: unknown): boolean {
  const spec = record(record(pod).spec);
  return [...records(spec.containers), ...records(spec.initContainers)].some(({ name }) => name === 'kuma-sidecar');
}
