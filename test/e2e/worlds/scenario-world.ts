import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeshAdapter } from '@heddle/core';
import { clusterScenario } from './cluster-scenario.js';
import { ON_CLUSTER } from './index.js';
import type { Place } from './place.js';
import { sandboxScenario } from './sandbox-scenario.js';
import { type ScenarioId, stagedScenario } from './scenarios.js';

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
