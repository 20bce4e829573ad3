import type { Decoded, MeshEnvironment, Observed, Target } from '@heddle/core';
import { targetCompiler } from './compile-target.js';
import type { DecidingTables } from './deciding.js';

/** The tables of a target, for every view of mesh clients concerned. Never throws. */
export function decode(target: Target, seen: Observed, env: MeshEnvironment): Decoded {
  return decoded(targetCompiler(seen, env)(target));
}

/** The same for each of several targets. */
export function decodeEach(targets: readonly Target[], seen: Observed, env: MeshEnvironment): readonly Decoded[] {
  const compile = targetCompiler(seen, env);
  return targets.map((target) => decoded(compile(target)));
}

const decoded = ({ tables, problems, gaps }: DecidingTables): Decoded => ({ tables: tables.map(({ table }) => table), problems, gaps });
