import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import * as core from '@heddle/core';
import { ApiServer } from './api/api-server.js';
import { selfSigned } from './api/certificate.js';
import { seed } from './cluster-rig.js';
import { defined } from './dig.js';
import { Faults } from './faults.js';
import { createInProcessCluster } from './in-process-cluster.js';
import { kubeconfigOf, SANDBOX } from './kubeconfig.js';
import { seededChance } from './network/chance.js';
import { entrance, targetOf } from './network/entrance.js';
import { Proxies } from './network/proxies.js';
import { type Caller, Router } from './network/router.js';
import { podWith } from './network/services.js';
import { streamPair } from './network/stream-pair.js';
import { admitPod } from './pods/admission.js';
import { Kubelet } from './pods/kubelet.js';
import { refused } from './pods/responder.js';
import { type KindSpec, type PrunedFields, Store } from './store/index.js';

export interface SandboxOptions {
  readonly adapter: core.MeshAdapter;
  readonly scenario: core.Scenario;
  /** What the adapter would detect, or parts of it that shall be otherwise. */
  readonly env?: Partial<core.MeshEnvironment>;
  /** Programs for pods that no responder of the scenario answers for: tunnels' agents. */
  readonly agents?: readonly core.InProcessAgent[];
  /** Weights, mirrors and faults are drawn alike for the same seed; absent: by chance. */
  readonly seed?: number;
  /** The API server's clock. Ms since the epoch. */
  readonly now?: () => number;
  readonly pruned?: readonly PrunedFields[];
  /** How many changes a watch can look back. */
  readonly history?: number;
  /** How often a watch gets a bookmark. Ms; 30 s by default. */
  readonly bookmarkMs?: number;
}

/** A small cluster in this process. Everything of it is gone after `stop`. */
export interface Sandbox {
  /** A connection without HTTP; the name tells clients apart in fault hooks. */
  cluster(name?: string): core.Cluster;
  /** YAML. The user's name is how fault hooks and messages name the client; `name` is the context's. */
  kubeconfig(user?: string, name?: string): string;
  readonly apiUrl: string;
  /** Goes through the gateway's proxy. Requests for another Host than the URL's own are taken as they are. */
  readonly gatewayUrl: string;
  /** Calls from a pod in the mesh; with another Host, or as an HTTP proxy, it calls whom the request names. */
  readonly clientUrl: string;
  readonly faults: Faults;
  readonly store: Store;
  /** What a pod's program wrote lately: a line for each request that it got, as `kubectl logs` shows them. */
  log(pod: core.PodRef): readonly string[];
  /** Breaks all connections to the API server, as its restart would. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/** Starts a cluster with a scenario's objects, pods and mesh. Throws `UserError` when the adapter does not find its mesh in it. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { adapter, scenario, agents = [], seed: seeded, now, pruned, history, bookmarkMs = 30_000 } = options;
  const given = defined({ now, pruned, history });
  const admit = (kind: KindSpec, object: core.KubeObject) => admitPod(store, scenario, kind, object);
  const store: Store = new Store({ ...given, kinds: scenario.kinds, admit, gracefulPods: true });
  const faults = new Faults();
  seed(store, scenario.objects);

  // The data plane reads through a connection of its own, on which no fault is injected.
  const inside = createInProcessCluster({ name: 'data-plane', store, faults: new Faults() });
  const mesh: core.MeshContext = { cluster: inside, adapter, env: await environmentOf(options, inside) };
  const connect = (pod: core.PodRef, port: number) => kubelet.connect(pod, port);
  const chance = seeded === undefined ? Math.random : seededChance(seeded);
  const router = new Router({ store, mesh, connect, chance, mirrorSuffix: scenario.mirrorSuffix ?? '' });
  const proxies = new Proxies(router);
  const callerOf = (pod: core.KubeObject | undefined, kind: 'sidecar' | 'gateway'): Caller => {
    const { namespace = 'default', labels } = core.metaOf(pod);
    const proxied = pod !== undefined && (kind === 'gateway' || adapter.inMesh(pod));
    return { namespace, client: proxied ? { kind, namespace, labels } : { kind: 'none' } };
  };
  const dial = async (pod: core.KubeObject, host: string, port: number): Promise<Duplex> => {
    const caller = callerOf(pod, 'sidecar');
    const bytes = await router.decideBytes(caller, host, port);
    if (bytes !== undefined && 'connect' in bytes) return await bytes.connect();
    if (bytes !== undefined) throw refused(port);
    const [near, far] = streamPair();
    proxies.accept(far, { ...caller, target: (authority) => ({ host, port, authority }) });
    return near;
  };
  const kubelet = new Kubelet({ store, agents, responders: scenario.responders, dial });
  await kubelet.start();

  const tls = selfSigned();
  const secret = randomBytes(16).toString('hex');
  const userOf = (token: string) => (token.startsWith(`${secret}.`) ? token.slice(secret.length + 1) : undefined);
  const log = (pod: core.PodRef) => kubelet.log(pod);
  const api = new ApiServer({ store, faults, tls, userOf, connect, log, bookmarkMs });
  const { gateway, client } = scenario;
  // The story is told there, so commands need not name it.
  const namespace = client?.namespace ?? 'default';
  const gate = entrance(proxies, () => ({ ...callerOf(podWith(store, gateway), 'gateway'), target: targetOf(gateway, gateway?.port) }));
  const inMesh = entrance(proxies, () => ({ ...callerOf(podWith(store, client), 'sidecar'), target: targetOf(client) }));
  const [apiUrl, gatewayUrl, clientUrl] = await Promise.all([api.start(), gate.start(), inMesh.start()]);
  return {
    cluster: (name = 'test') => createInProcessCluster({ name, store, faults, openPort: connect }),
    kubeconfig: (user = 'developer', name = SANDBOX) =>
      kubeconfigOf({ name, server: apiUrl, cert: tls.cert, token: `${secret}.${user}`, user, namespace }),
    ...{ apiUrl, gatewayUrl, clientUrl, faults, store, log },
    dropConnections: () => api.dropConnections(),
    async stop() {
      proxies.stop();
      await Promise.all([api.stop(), gate.stop(), inMesh.stop(), kubelet.stop()]);
    },
  };
}

async function environmentOf({ adapter, scenario, env = {} }: SandboxOptions, cluster: core.Cluster): Promise<core.MeshEnvironment> {
  const found = adapter.detect(await cluster.discover(adapter.facts));
  if (found === undefined && env.served === undefined) {
    const message = `The adapter ${adapter.id} does not find its mesh in the scenario ${scenario.id}`;
    throw new core.UserError({ code: 'sandbox-no-mesh', exit: 'usage', message, next: ['Choose a scenario of that mesh.'] });
  }
  return { served: {}, settings: {}, ...found?.environment, ...env };
}
