import { type KubeObject, labelsMatch, type MeshAdapter, metaOf } from '@heddle/core';
import { type Assumed, listed, readyPod } from './ready-pod.js';

/** A ready Pod for the gateway proxies that an object configures and no file holds: these are installed with the mesh, not with an application. */
export function podsOfGateways(objects: readonly KubeObject[], adapters: readonly MeshAdapter[]): Assumed {
  const pods = objects.filter(({ kind }) => kind === 'Pod').map((pod) => metaOf(pod).labels);
  const made = new Map<string, KubeObject>();
  for (const object of objects) {
    for (const adapter of adapters) {
      const proxies = adapter.gatewayProxies?.(object);
      if (proxies === undefined || pods.some((labels) => labelsMatch(proxies.labels, labels))) continue;
      const { labels, namespace } = proxies;
      const name = `${Object.values(labels).join('-').toLowerCase()}-assumed`;
      made.set(JSON.stringify([namespace, labels]), readyPod({ namespace, name, labels, spec: { containers: [] } }));
    }
  }
  const names = [...made.values()].map((pod) => `${metaOf(pod).namespace}/${metaOf(pod).name}`);
  const notes = names.length === 0 ? [] : [`No proxy of the gateways is in the files: it is assumed (${listed(names)}).`];
  return { objects: [...made.values()], notes };
}
