import { describeRef, type Rule } from '@heddle/core';
import { ownerOfRoute } from '../owned/ownership.js';
import { resolveBackend } from './backends.js';
import type { RoutesContext } from './mesh-route-rules.js';
import type { RouteItem } from './route-items.js';
import type { BackendRef } from './world-types.js';

/**
 * The rule of the strongest item that has one (kuma `meshtcproute/plugin/v1alpha1/listeners_backendrefs.go`, 2.14). An item without
 * rules means its target itself. `closed`: all its backendRefs are unusable, so that the listener has nothing to pass connections to.
 * `none`: it names nothing at all, so that there is no listener.
 */
export function tcpRule(items: readonly RouteItem[], context: RoutesContext): Rule | 'closed' | 'none' {
  const { world, clusters, found } = context;
  const strongest = items.at(-1);
  const stating = items.findLast(({ to }) => to.rules.length === 0 || to.rules[0]?.backendRefs !== undefined);
  if (strongest === undefined || stating === undefined) return 'none';
  const { route } = strongest;
  const rule = stating.to.rules[0];
  const own: BackendRef = { ...stating.to.targetRef, weight: 1 };
  const backends = (rule?.backendRefs ?? [own]).map((ref) => resolveBackend(world, clusters, route, ref, 'tcp'));
  const to = backends.flatMap((backend) => ('to' in backend ? [backend.to] : []));
  for (const backend of backends) {
    if ('unusable' in backend)
      found.problem('backend-unusable', `${describeRef(route.ref)}: a backendRef is left out, since ${backend.unusable}`, route.ref);
  }
  if (!backends.some((backend) => 'to' in backend || backend.counts)) return 'none';
  if (to.length === 0) return 'closed';
  return {
    match: [],
    action: { to },
    owner: ownerOfRoute(stating.route.object) ?? 'foreign',
    origins: [{ ref: stating.route.ref, pointer: rule?.pointer ?? stating.to.pointer, index: rule?.index ?? stating.to.index }],
    label: 'tcp',
  };
}
