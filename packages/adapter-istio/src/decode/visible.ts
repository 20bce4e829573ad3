import type { VirtualService, Visibility } from './world-types.js';

export const isVisible = (visible: Visibility, namespace: string): boolean =>
  visible.has('*') || (!visible.has('~') && visible.has(namespace));

/**
 * The VirtualServices that a namespace's proxies see for a gateway (or the mesh), in the order in which they win: private to the
 * namespace, then exported to it, then public; in each tier routes of the Gateway API from that namespace (consumer routes) first, then
 * the oldest (istio `pilot/pkg/model/virtualservice.go`, `SelectVirtualServices`, 1.31).
 */
export function inTiers(all: readonly VirtualService[], namespace: string, gateway: string): readonly VirtualService[] {
  const bound = all.filter(({ gateways }) => gateways.includes(gateway));
  const exported = bound.filter(({ visible }) => !visible.has('*') && !visible.has('~') && visible.has(namespace));
  const isConsumers = (one: VirtualService) => one.routes !== undefined && one.namespace === namespace;
  return [
    exported.filter((one) => one.namespace === namespace),
    exported.filter((one) => one.namespace !== namespace),
    bound.filter(({ visible }) => visible.has('*')),
  ].flatMap((tier) => [...tier.filter(isConsumers), ...tier.filter((one) => !isConsumers(one))]);
}
