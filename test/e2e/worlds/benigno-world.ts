import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapter } from '@heddle/adapter-kuma';
import { scenarios } from '@heddle/adapter-kuma/scenarios';
import type { Cluster, KubeObject } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { createSandbox } from '@heddle/sandbox';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { loadAll } from 'js-yaml';
import { eventually } from '../eventually.js';
import { callFromPod, kubectl, needed, settled } from './cluster-tools.js';
import { getMany } from './http.js';
import type { Counts, Headers } from './world.js';

/** What the clients' mesh routes by. */
export type Routing = 'MeshHTTPRoute' | 'TrafficRoute';

/** The article's `benigno` in two versions, half of the calls each, and its caller `magnanimo`. */
export interface BenignoWorld {
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly env: Readonly<Record<string, string>>;
  readonly meshFlags: readonly string[];
  /** Requests from magnanimo's pod to `http://benigno:5000/`. */
  call(count: number, headers?: Headers): Promise<Counts>;
  /** All objects of the mesh's routing in which the story could leave something. */
  routes(): Promise<readonly KubeObject[]>;
  close(): Promise<void>;
}

const GROUP = 'kuma.io';

export async function benignoSandbox(routing: Routing): Promise<BenignoWorld> {
  const id = routing === 'TrafficRoute' ? 'benigno-traffic-route' : 'benigno';
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`the adapter has no scenario ${id}`);
  const sandbox = await createSandbox({ adapter, scenario, agents: [agent] });
  const home = await mkdtemp(join(tmpdir(), 'heddle-e2e-'));
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const cluster = sandbox.cluster('suite');
  return {
    namespace: 'kong-mesh-app',
    cluster,
    env: homeAt(home, kubeconfig),
    meshFlags: [],
    call: (count, headers = {}) => getMany(sandbox.clientUrl, count, { host: 'benigno:5000', ...headers }),
    routes: () => routesOf(cluster),
    close: async () => {
      await cluster.close();
      await sandbox.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** In a namespace and a mesh of its own on the cluster that KUBECONFIG names; needs Kuma there. */
export async function benignoCluster(routing: Routing): Promise<BenignoWorld> {
  const kubeconfig = needed('KUBECONFIG');
  const namespace = `heddle-e2e-${Math.random().toString(36).slice(2, 7)}`;
  const fill = (text: string) =>
    text
      .replaceAll('{{NAMESPACE}}', namespace)
      .replaceAll('{{MESH}}', namespace)
      .replaceAll('{{ECHO_IMAGE}}', needed('HEDDLE_E2E_ECHO_IMAGE'));
  const cluster = await connectCluster({ kubeconfig });
  const home = await mkdtemp(join(tmpdir(), 'heddle-e2e-'));
  const mesh = { apiVersion: `${GROUP}/v1alpha1`, kind: 'Mesh', metadata: { name: namespace } };
  await cluster.create({ ...mesh, spec: { meshServices: { mode: routing === 'TrafficRoute' ? 'Disabled' : 'Exclusive' } } });
  // The webhook hears of a new mesh a moment later.
  if (routing === 'TrafficRoute') await eventually(() => cluster.create(routeAll(namespace)), 30_000);
  for (const object of loadAll(fill(await readFile(new URL('../manifests/benigno.yaml', import.meta.url), 'utf8'))) as KubeObject[])
    await cluster.create(object);
  for (const name of ['benigno-v1', 'benigno-v2', 'magnanimo'])
    await kubectl('-n', namespace, 'rollout', 'status', `deploy/${name}`, '--timeout=180s');
  const call = (count: number, headers: Headers = {}) =>
    callFromPod({ namespace, deployment: 'magnanimo', url: 'http://benigno:5000/' }, count, headers);
  await settled(async () => ({ ok: Object.keys(await call(40)).every((answer) => /^200 v[12]$/.test(answer)) ? 1 : 0 }), { ok: 1 });
  return {
    namespace,
    cluster,
    env: homeAt(home, kubeconfig),
    meshFlags: ['--image', needed('HEDDLE_E2E_AGENT_IMAGE')],
    call,
    routes: async () => (await routesOf(cluster)).filter((object) => JSON.stringify(object).includes(namespace)),
    close: async () => {
      await kubectl('delete', 'namespace', namespace, '--wait=true', '--timeout=120s');
      if (routing === 'TrafficRoute') await kubectl('delete', 'trafficroutes.kuma.io', `route-all-${namespace}`);
      await kubectl('delete', 'meshes.kuma.io', namespace, '--wait=false');
      await cluster.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What Kuma made by itself in every mesh up to 2.5. */
const routeAll = (mesh: string): KubeObject => ({
  apiVersion: `${GROUP}/v1alpha1`,
  kind: 'TrafficRoute',
  metadata: { name: `route-all-${mesh}` },
  mesh,
  spec: {
    sources: [{ match: { 'kuma.io/service': '*' } }],
    destinations: [{ match: { 'kuma.io/service': '*' } }],
    conf: { loadBalancer: { roundRobin: {} }, destination: { 'kuma.io/service': '*' } },
  },
});

const homeAt = (home: string, kubeconfig: string) => ({
  KUBECONFIG: kubeconfig,
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_STATE_HOME: join(home, 'state'),
});

async function routesOf(cluster: Cluster): Promise<readonly KubeObject[]> {
  const kinds = ['TrafficRoute', 'MeshHTTPRoute', 'MeshTCPRoute'];
  return (await Promise.all(kinds.map((kind) => cluster.list({ group: GROUP, kind })))).flat();
}
