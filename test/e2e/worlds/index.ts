import { clusterWorld } from './cluster-world.js';
import { servedGroups } from './meshes-here.js';
import { sandboxWorld } from './sandbox-world.js';
import type { World } from './world.js';

export type { Counts, Headers, World } from './world.js';

/** The world that this run is about: a real cluster when HEDDLE_E2E=cluster (`npm run test:cluster`), else the sandbox. */
export const ON_CLUSTER = process.env.HEDDLE_E2E === 'cluster';

export function startWorld(): Promise<World> {
  return ON_CLUSTER ? clusterWorld() : sandboxWorld();
}

/** A real mesh takes a while to tell its proxies; the sandbox is at once. */
export const PATIENCE_MS = ON_CLUSTER ? 120_000 : 30_000;

/** Whether the world's cluster serves an API group: a suite whose mesh is not there is skipped. */
export const SERVED = await servedGroups(ON_CLUSTER);
