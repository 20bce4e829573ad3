import { type Cluster, type KubeObject, serviceObject } from '@heddle/core';
import { eventually } from '../eventually.js';
import type { Staged } from './scenarios.js';

const API_VERSION = 'kuma.io/v1alpha1';

/** What a scenario needs around it on a real cluster. */
export interface Home {
  /** Objects without a namespace that have been made for it, in order. */
  readonly objects: readonly KubeObject[];
  /** Labels of its namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** Objects of its namespace that the scenario does without in the sandbox. */
  readonly besides: readonly KubeObject[];
}

/** A mesh of its own where the mesh is Kuma: others of the cluster may route otherwise. Istio has only one. */
export async function homeOf({ scenario, adapter }: Staged, cluster: Cluster, namespace: string): Promise<Home> {
  if (adapter.id !== 'kuma') return { objects: [], labels: {}, besides: [] };
  const routesByTrafficRoute = scenario.objects.some(({ kind }) => kind === 'TrafficRoute');
  const mesh = { apiVersion: API_VERSION, kind: 'Mesh', metadata: { name: namespace } };
  await cluster.create({ ...mesh, spec: { meshServices: { mode: routesByTrafficRoute ? 'Disabled' : 'Exclusive' } } });
  const routes = routesByTrafficRoute ? [routeAll(namespace)] : [];
  // The webhook hears of a new mesh a moment later.
  for (const route of routes) await eventually(() => cluster.create(route), 30_000);
  // Where versions of one Service cannot be told apart, each needs a Service.
  const port = { name: 'http', port: 5000, targetPort: 8080, appProtocol: 'http' };
  const besides = ['v1', 'v2'].map((version) => serviceObject(namespace, `benigno-${version}`, { app: 'benigno', version }, [port]));
  return { objects: [mesh, ...routes], labels: { 'kuma.io/mesh': namespace }, besides };
}

/** What Kuma made by itself in every mesh up to 2.5. */
const routeAll = (mesh: string): KubeObject => ({
  apiVersion: API_VERSION,
  kind: 'TrafficRoute',
  metadata: { name: `route-all-${mesh}` },
  mesh,
  spec: {
    sources: [{ match: { 'kuma.io/service': '*' } }],
    destinations: [{ match: { 'kuma.io/service': '*' } }],
    conf: { loadBalancer: { roundRobin: {} }, destination: { 'kuma.io/service': '*' } },
  },
});
