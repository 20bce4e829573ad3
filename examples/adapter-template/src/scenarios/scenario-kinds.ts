import type { Scenario } from '@heddle/core';

type Kind = Scenario['kinds'][number];

const kind = (group: string, name: string, plural: string, versions: readonly string[], more: Partial<Kind> = {}): Kind => ({
  group,
  kind: name,
  plural,
  singular: name.toLowerCase(),
  namespaced: true,
  versions,
  ...more,
});

const GATEWAY_API = 'gateway.networking.k8s.io';

/** The CRDs of the Gateway API. Istio's own are left out, so that heddle's adapter for them has no say in this cluster. */
export const SCENARIO_KINDS: Scenario['kinds'] = [
  kind(GATEWAY_API, 'GatewayClass', 'gatewayclasses', ['v1', 'v1beta1'], { shortNames: ['gc'], namespaced: false }),
  kind(GATEWAY_API, 'HTTPRoute', 'httproutes', ['v1', 'v1beta1']),
  kind(GATEWAY_API, 'GRPCRoute', 'grpcroutes', ['v1']),
];
