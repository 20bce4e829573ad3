import { isRecord } from '../model/object.js';

/** Whether a Pod has a container of that name, or an init container, which may be one that goes on running (Kubernetes, sidecar containers). */
export function hasContainer(pod: unknown, name: string): boolean {
  const spec = isRecord(pod) && isRecord(pod.spec) ? pod.spec : {};
  return [spec.containers, spec.initContainers].some(
    (list) => Array.isArray(list) && list.some((container) => isRecord(container) && container.name === name),
  );
}

/** `1.22.3` of `registry.example/control-plane:1.22.3-distroless`; a tag that is no version says nothing. */
export function imageVersion(image: string): string | undefined {
  return /:v?(\d+\.\d+(?:\.\d+)?)(?:[-.].*)?$/.exec(image.replace(/@.*$/, ''))?.[1];
}
