import type { Decoded, MeshEnvironment, Observed, Target } from '@heddle/core';
import { decidingTables } from './deciding.js';

/** The tables of a target, for every view of mesh clients concerned. Never throws. */
export function decode(target: Target, seen: Observed, env: MeshEnvironment): Decoded {
  const { tables, problems, gaps } = decidingTables(target, seen, env);
  return { tables: tables.map(({ table }) => table), problems, gaps };
}
