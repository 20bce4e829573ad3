import type { VirtualService, Visibility } from './world-types.js';

export const isVisible = (visible: Visibility, namespace: string): boolean =>
  visible.has('*') || (!visible.has('~') && visible.has(namespace));

/**
 * The VirtualServices that a namespace's proxies see for a gateway (or the mesh), in the order in which they win: private to the
 * namespace, then exported to it, then public; oldest first in each tier (istio `pilot/pkg/model/push_context.go`, 1.31).
 */
export function inTiers(all: readonly VirtualService[], namespace: string, gateway: string): readonly VirtualService[] {
  const bound = all.filter(({ gateways }) => gateways.includes(gateway));
  const exported = bound.filter(({ visible }) => !visible.has('*') && !visible.has('~') && visible.has(namespace));
  return [
    ...exported.filter((one) => one.namespace === namespace),
    ...exported.filter((one) => one.namespace !== namespace),
    ...bound.filter(({ visible }) => visible.has('*')),
  ];
}
