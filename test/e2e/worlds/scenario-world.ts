import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster, MeshAdapter } from '@heddle/core';
import { clusterScenario } from './cluster-scenario.js';
import { ON_CLUSTER } from './index.js';
import { sandboxScenario } from './sandbox-scenario.js';
import { type ScenarioId, stagedScenario } from './scenarios.js';
import type { Counts, Headers } from './world.js';

/** A scenario with a place to run in, which is all that differs between the sandbox and a real cluster. */
export interface Place {
  readonly namespace: string;
  /** The host that the scenario's gateway serves here. */
  readonly host: string;
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  /** Flags that `heddle mesh` needs here, such as the agent's image. */
  readonly meshFlags: readonly string[];
  /** Requests from the scenario's client, to the service that it calls unless another URL is given. */
  call(count: number, headers?: Headers, url?: string): Promise<Counts>;
  viaGateway(count: number, path: string, headers?: Headers): Promise<Counts>;
  /** Requests that the counting workload has got so far, each as `GET / host=reviews:9080`. */
  received(): Promise<readonly string[]>;
  /** Objects without a namespace that are this scenario's here, by name. */
  isOwn(name: string): boolean;
  close(): Promise<void>;
}

/** An article's application: in the sandbox, or its objects in a namespace of their own on a real cluster. */
export interface ScenarioWorld extends Place {
  readonly adapter: MeshAdapter;
  readonly env: Readonly<Record<string, string>>;
}

export async function scenarioWorld(id: ScenarioId): Promise<ScenarioWorld> {
  const staged = stagedScenario(id);
  const home = await mkdtemp(join(tmpdir(), 'heddle-e2e-'));
  const place = await (ON_CLUSTER ? clusterScenario(staged) : sandboxScenario(staged, home));
  return {
    ...place,
    adapter: staged.adapter,
    env: { KUBECONFIG: place.kubeconfig, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') },
    close: async () => {
      await place.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
