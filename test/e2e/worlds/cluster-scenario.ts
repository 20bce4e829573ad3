import { type Cluster, type KubeObject, metaOf } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { callFromPod, kubectl, needed, settledOn } from './cluster-tools.js';
import { ingressUrl } from './cluster-world.js';
import { getMany } from './http.js';
import { type Home, homeOf } from './kuma-home.js';
import type { Place } from './place.js';
import { onRealCluster } from './real-objects.js';
import type { Staged } from './scenarios.js';
import type { Headers } from './world.js';

/** The scenario's own objects in a namespace of their own on the cluster that KUBECONFIG names. */
export async function clusterScenario(staged: Staged): Promise<Place> {
  const { scenario, client, counting } = staged;
  const kubeconfig = needed('KUBECONFIG');
  const namespace = `heddle-e2e-${Math.random().toString(36).slice(2, 7)}`;
  const host = `${namespace}.mesh.example`;
  const cluster = await connectCluster({ kubeconfig });
  const home = await homeOf(staged, cluster, namespace);
  const caller = await create(staged, cluster, { namespace, host, home });
  const call = (count: number, headers: Headers = {}, url = `http://${client.host}:${client.port}/`) =>
    callFromPod({ namespace, deployment: caller, url }, count, headers);
  await settledOn(() => call(40), /^200 v\d$/);
  const gatewayUrl = scenario.gateway === undefined ? 'http://127.0.0.1/' : await ingressUrl();
  return {
    namespace,
    host,
    cluster,
    kubeconfig,
    meshFlags: ['--image', needed('HEDDLE_E2E_AGENT_IMAGE')],
    call,
    viaGateway: (count, path, headers = {}) => getMany(new URL(path, gatewayUrl).href, count, { host, ...headers }),
    received: async () => {
      const log = await kubectl('-n', namespace, 'logs', `deploy/${counting}`, '-c', 'client', '--tail=-1');
      return log.split('\n').filter((line) => line.includes(' host='));
    },
    isOwn: (name) => name.includes(namespace),
    close: async () => {
      await kubectl('delete', 'namespace', namespace, `--wait=${home.objects.length > 0}`, '--timeout=120s');
      for (const { kind, metadata } of [...home.objects].reverse())
        await kubectl('delete', `${String(kind).toLowerCase()}.kuma.io`, String((metadata as KubeObject).name), '--wait=false');
      await cluster.close();
    },
  };
}

/** Makes everything and waits for it; the name of the Deployment that calls. */
async function create(
  { scenario, client, counting }: Staged,
  cluster: Cluster,
  { namespace, host, home }: { readonly namespace: string; readonly host: string; readonly home: Home },
): Promise<string> {
  const images = { image: needed('HEDDLE_E2E_ECHO_IMAGE'), countingImage: needed('HEDDLE_E2E_BASE_IMAGE') };
  const objects = onRealCluster(scenario, client.namespace, { namespace, host, counting, labels: home.labels, ...images });
  for (const object of [...objects, ...home.besides]) await cluster.create(object);
  const workloads = objects.filter(({ kind }) => kind === 'Deployment').map(metaOf);
  for (const { name } of workloads) await kubectl('-n', namespace, 'rollout', 'status', `deploy/${name}`, '--timeout=180s');
  const caller = workloads.find(({ labels }) => Object.entries(client.labels).every(([key, value]) => labels[key] === value));
  return caller?.name ?? '';
}
