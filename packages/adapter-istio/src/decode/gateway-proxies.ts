import { type Findings, type Labels, labelsMatch, type View } from '@heddle/core';
import type { ClientProxy } from './proxy.js';
import { labelsKey } from './proxy.js';
import type { Gateway, Pod, World } from './world-types.js';

export interface GatewayProxy {
  readonly view: View & { readonly plane: 'gateway' };
  readonly proxy: ClientProxy;
  readonly pod: Pod;
  readonly gateways: readonly Gateway[];
}

/**
 * The gateway proxies: Pods that Gateway objects select, one for all that are selected alike. `conditions` are the labels that
 * rules ask of their clients; they tell proxies apart too.
 */
export function gatewayProxies(
  world: World,
  gateways: readonly Gateway[],
  conditions: readonly Labels[],
  found: Findings,
): readonly GatewayProxy[] {
  const groups = new Map<string, GatewayProxy>();
  for (const pod of [...world.pods.values()].flat()) {
    const selecting = gateways.filter(({ selector }) => Object.keys(selector).length > 0 && labelsMatch(selector, pod.labels));
    if (selecting.length === 0) continue;
    const held = conditions.filter((labels) => labelsMatch(labels, pod.labels));
    const selector: Labels = Object.assign({}, ...selecting.map((one) => one.selector), ...held);
    const key = `${pod.ref.namespace} ${labelsKey(selector)}`;
    if (!groups.has(key)) groups.set(key, proxyOf(pod, selector, selecting));
  }
  for (const gateway of gateways) reportUnused(gateway, groups, found);
  return [...groups.values()];
}

function proxyOf(pod: Pod, selector: Labels, gateways: readonly Gateway[]): GatewayProxy {
  const { namespace } = pod.ref;
  return {
    view: { plane: 'gateway', gateway: { namespace, selector } },
    proxy: { kind: 'gateway', namespace, has: (labels) => labelsMatch(labels, pod.labels) },
    pod,
    gateways,
  };
}

function reportUnused(gateway: Gateway, groups: ReadonlyMap<string, GatewayProxy>, found: Findings): void {
  if (Object.keys(gateway.selector).length === 0) {
    found.gap(
      'gateway.selector',
      `Gateway ${gateway.namespace}/${gateway.name} has no selector: which proxies it applies to is not read`,
      gateway.ref,
    );
  } else if (![...groups.values()].some(({ gateways }) => gateways.includes(gateway))) {
    found.problem(
      'gateway-without-pods',
      `Gateway ${gateway.namespace}/${gateway.name}: no Pod has the labels that it selects`,
      gateway.ref,
    );
  }
}
