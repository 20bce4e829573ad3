import { type KubeObject, type Labels, labelsMatch, metaOf } from '../model/object.js';
import type { Client } from '../model/view.js';

/**
 * A client that is named by some labels of its Pods, with all that these share: so many the mesh knows of it. A gateway is told by
 * the labels that the mesh selects it by, so those given count. `pods`: of all namespaces, or of the client's.
 */
export function withPodLabels(client: Client, pods: readonly KubeObject[]): Client {
  if (client.kind !== 'sidecar' || Object.keys(client.labels).length === 0) return client;
  const fitting = pods
    .map(metaOf)
    .filter(({ namespace, labels }) => namespace === client.namespace && labelsMatch(client.labels, labels))
    .map(({ labels }) => labels);
  return { ...client, labels: { ...client.labels, ...shared(fitting) } };
}

function shared([first, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(Object.entries(first ?? {}).filter(([key, value]) => others.every((labels) => labels[key] === value)));
}
