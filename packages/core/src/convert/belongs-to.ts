import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import { groupOf, type KubeObject, type ResourceKind, refOf } from '../model/object.js';

/** The kind that an adapter knows an object by, of its mesh and not of Kubernetes. */
export function meshKind({ kinds }: Pick<MeshAdapter, 'kinds'>, object: KubeObject): ResourceKind | undefined {
  const { apiVersion, kind } = refOf(object);
  const group = groupOf(apiVersion);
  // Kubernetes' own groups have no dot, or end in .k8s.io; those of the Gateway API are a mesh's business.
  const isKubernetes = !group.includes('.') || (group.endsWith('.k8s.io') && group !== GATEWAY_API);
  return isKubernetes ? undefined : kinds.find((one) => one.kind === kind && one.group === group);
}

const GATEWAY_API = 'gateway.networking.k8s.io';
