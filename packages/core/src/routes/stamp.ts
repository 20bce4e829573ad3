import { canonicalJson } from '../plan/content-hash.js';
import type { RouteEntry, RouteSpec } from './entry.js';
import type { RouteDeps } from './types.js';

/** Entries that are as they were keep who made them, and when; the others are the caller's from now on. By name. */
export async function stamped(
  { cluster, identity }: Pick<RouteDeps, 'cluster' | 'identity'>,
  was: readonly RouteEntry[],
  wanted: readonly RouteSpec[],
): Promise<readonly RouteEntry[]> {
  const before = (spec: RouteSpec) => was.find((entry) => sameSpec(entry, spec));
  const since = wanted.every(before) ? '' : new Date(await cluster.serverTime()).toISOString();
  const by = { user: identity.user, host: identity.host };
  return wanted.map((spec) => before(spec) ?? { ...spec, by, since }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether two entries want the same, whoever made them. */
export function sameSpec(a: RouteSpec, b: RouteSpec): boolean {
  return canonicalJson(unsigned(a)) === canonicalJson(unsigned(b));
}

function unsigned(spec: RouteSpec): unknown {
  const { by: _by, since: _since, ...rest } = { by: undefined, since: undefined, ...spec };
  return rest;
}
