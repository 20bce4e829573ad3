import { record, records } from '../raw.js';

/** Whether a Pod has the mesh's proxy, as a container or as an init container that keeps running. */
export function inMesh(pod: unknown): boolean {
  const spec = record(record(pod).spec);
  return [...records(spec.containers), ...records(spec.initContainers)].some(({ name }) => name === 'istio-proxy');
}
