import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { type Cluster, metaOf, type Scenario } from '@heddle/core';
import { connectCluster } from '@heddle/kubernetes';
import { createSandbox } from '@heddle/sandbox';
import { agent } from '@heddle/tunnel-ssh/in-process';
import { callFromPod, kubectl, needed, settled } from './cluster-tools.js';
import { ingressUrl } from './cluster-world.js';
import { getMany } from './http.js';
import { onRealCluster } from './real-objects.js';
import type { Counts, Headers } from './world.js';

/** A scenario of the Istio adapter: in the sandbox, or its objects in a namespace of their own on a real cluster. */
export interface ScenarioWorld {
  readonly namespace: string;
  /** The host that the scenario's gateway serves here. */
  readonly host: string;
  readonly cluster: Cluster;
  readonly env: Readonly<Record<string, string>>;
  readonly meshFlags: readonly string[];
  /** Requests from the scenario's client to the service that it calls. */
  call(count: number, headers?: Headers, path?: string): Promise<Counts>;
  viaGateway(count: number, path: string, headers?: Headers): Promise<Counts>;
  close(): Promise<void>;
}

export async function scenarioWorld(id: string, onCluster: boolean): Promise<ScenarioWorld> {
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario?.client === undefined) throw new Error(`the adapter has no scenario ${id} with a client`);
  const home = await mkdtemp(join(tmpdir(), 'heddle-e2e-'));
  const world = await (onCluster ? clusterWith(scenario, scenario.client) : sandboxWith(scenario, scenario.client, home));
  return {
    ...world,
    env: {
      KUBECONFIG: world.kubeconfig,
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_STATE_HOME: join(home, 'state'),
    },
    close: async () => {
      await world.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

type Place = Omit<ScenarioWorld, 'env'> & { readonly kubeconfig: string };
type Client = NonNullable<Scenario['client']>;

async function sandboxWith(scenario: Scenario, client: Client, home: string): Promise<Place> {
  const sandbox = await createSandbox({ adapter, scenario, agents: [agent] });
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const cluster = sandbox.cluster('suite');
  const host = scenario.gateway?.host ?? '';
  const at = (base: string, path: string) => new URL(path, base).href;
  return {
    namespace: client.namespace,
    host,
    cluster,
    kubeconfig,
    meshFlags: [],
    call: (count, headers = {}, path = '/') =>
      getMany(at(sandbox.clientUrl, path), count, { host: `${client.host}:${client.port}`, ...headers }),
    viaGateway: (count, path, headers = {}) => getMany(at(sandbox.gatewayUrl, path), count, { host, ...headers }),
    close: async () => {
      await cluster.close();
      await sandbox.stop();
    },
  };
}

async function clusterWith(scenario: Scenario, client: Client): Promise<Place> {
  const kubeconfig = needed('KUBECONFIG');
  const namespace = `heddle-e2e-${Math.random().toString(36).slice(2, 7)}`;
  const host = `${namespace}.mesh.example`;
  const cluster = await connectCluster({ kubeconfig });
  const objects = onRealCluster(scenario, client.namespace, { namespace, host, image: needed('HEDDLE_E2E_ECHO_IMAGE') });
  for (const object of objects) await cluster.create(object);
  const workloads = objects.filter(({ kind }) => kind === 'Deployment');
  for (const one of workloads) await kubectl('-n', namespace, 'rollout', 'status', `deploy/${metaOf(one).name}`, '--timeout=180s');
  const caller = workloads.map(metaOf).find(({ labels }) => Object.entries(client.labels).every(([key, value]) => labels[key] === value));
  const call = (count: number, headers: Headers = {}, path = '/') =>
    callFromPod({ namespace, deployment: caller?.name ?? '', url: `http://${client.host}:${client.port}${path}` }, count, headers);
  await settled(call.bind(undefined, 20), { '200 v1': 20 });
  const gatewayUrl = scenario.gateway === undefined ? 'http://127.0.0.1/' : await ingressUrl();
  return {
    namespace,
    host,
    cluster,
    kubeconfig,
    meshFlags: ['--image', needed('HEDDLE_E2E_AGENT_IMAGE')],
    call,
    viaGateway: (count, path, headers = {}) => getMany(new URL(path, gatewayUrl).href, count, { host, ...headers }),
    close: async () => {
      await kubectl('delete', 'namespace', namespace, '--wait=false');
      await cluster.close();
    },
  };
}
