import type { MeshEnvironment, Observed, Target } from '@heddle/core';
import { targetCompiler } from './compile-target.js';
import type { DecidingTables } from './deciding-types.js';
import type { World } from './world-types.js';

export type { DecidedBy, DecidingTable, DecidingTables, Outbound } from './deciding-types.js';

/**
 * Which policies decide in each view, table by table: what `decode` returns, with the objects behind it. Never throws; `world` is that
 * of `seen`, if the caller has read it. What could not be read is in `gaps`, and then the tables are not to be relied on.
 */
export function decidingTables(target: Target, seen: Observed, env: MeshEnvironment, world?: World): DecidingTables {
  return targetCompiler(seen, env, world)(target);
}
