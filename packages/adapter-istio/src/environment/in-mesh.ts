import { record, records } from '../decode/raw.js';

/** Whether a Pod has Istio's proxy: as a container, or since 1.27 by default as an init container that keeps running. */
export function inMesh(pod: unknown): boolean {
  const spec = record(record(pod).spec);
  return [...records(spec.containers), ...records(spec.initContainers)].some(({ name }) => name === 'istio-proxy');
}
