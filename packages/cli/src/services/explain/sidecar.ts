import { type Cluster, clusterReason, type KubeObject, type MeshAdapter, metaOf } from '@heddle/core';

/** Whether calls from Pods go through the mesh's proxy. */
export interface Sidecar {
  readonly proxied: boolean;
  /** Of the Pods, one that the answer is for. */
  readonly pod?: KubeObject;
  /** What had to be taken for granted. */
  readonly note?: string;
}

/** Pods as they run show their proxy; of others only labels can tell whether they would get one, and where these say nothing, they are taken to. */
export async function sidecarOf(
  { cluster, adapter, live }: { readonly cluster: Cluster; readonly adapter: MeshAdapter; readonly live: boolean },
  who: string,
  pods: readonly KubeObject[],
  model: KubeObject,
): Promise<Sidecar> {
  // A Pod that was dumped from a cluster stands as it runs.
  const running = pods.filter((pod) => live || metaOf(pod).uid !== undefined || adapter.inMesh(pod));
  const [first] = running;
  if (first !== undefined) return asItRuns(adapter, who, running);
  const [pod] = pods;
  const says = adapter.injects?.(pod ?? model, await namespaceOf(cluster, metaOf(pod ?? model).namespace ?? 'default'));
  return {
    proxied: says !== false,
    ...(pod === undefined ? {} : { pod }),
    ...(says === undefined
      ? { note: `${live ? 'No pod runs that would show it' : 'Files do not show proxies'}: ${who} is taken to be in the mesh.` }
      : {}),
  };
}

function asItRuns(adapter: MeshAdapter, who: string, running: readonly KubeObject[]): Sidecar {
  const proxied = running.filter((pod) => adapter.inMesh(pod));
  const [pod] = proxied.length > 0 ? proxied : running;
  return {
    proxied: proxied.length > 0,
    ...(pod === undefined ? {} : { pod }),
    ...(proxied.length > 0 && proxied.length < running.length
      ? {
          note: `${running.length - proxied.length} of ${running.length} pods of ${who} have no proxy of the mesh: this is about the others.`,
        }
      : {}),
  };
}

async function namespaceOf(cluster: Cluster, name: string): Promise<KubeObject | undefined> {
  try {
    return await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name });
  } catch (error) {
    if (clusterReason(error) === 'Forbidden') return undefined;
    throw error;
  }
}
