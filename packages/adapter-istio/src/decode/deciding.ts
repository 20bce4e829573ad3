import type { MeshEnvironment, Observed, Target } from '@heddle/core';
import { targetCompiler } from './compile-target.js';
import type { DecidingTables } from './deciding-types.js';
import type { World } from './world-types.js';

export type { DecidingTable, DecidingTables, DecidingVirtualService } from './deciding-types.js';

/**
 * Which VirtualService decides in each view, table by table: what `decode` returns, with the objects behind it. The tables of a
 * service that no VirtualService decides are those with role `host`, the service among `services`, and no `virtualServices`.
 * Never throws; `world` is that of `seen`, if the caller has read it. What could not be read is in `gaps`, and then the tables are not to be
 * relied on.
 */
export function decidingTables(target: Target, seen: Observed, env: MeshEnvironment, world?: World): DecidingTables {
  return targetCompiler(seen, env, world)(target);
}
