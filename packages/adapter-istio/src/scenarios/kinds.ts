import type { Scenario } from '@heddle/core';

type Kinds = Scenario['kinds'];
type Kind = Kinds[number];

const kind = (apiGroup: string, name: string, plural: string, versions: readonly string[], more: Partial<Kind> = {}): Kind => ({
  group: apiGroup,
  kind: name,
  plural,
  singular: name.toLowerCase(),
  namespaced: true,
  versions,
  ...more,
});

const NETWORKING = 'networking.istio.io';
const SECURITY = 'security.istio.io';
const GATEWAY_API = 'gateway.networking.k8s.io';
const ALL = ['v1', 'v1beta1', 'v1alpha3'];

/** The kinds that Istio 1.31 and the Gateway API bring, as a cluster with both serves them. */
export const ISTIO_KINDS: Kinds = [
  kind(NETWORKING, 'VirtualService', 'virtualservices', ALL, {
    shortNames: ['vs'],
    columns: [
      { name: 'Gateways', path: 'spec.gateways' },
      { name: 'Hosts', path: 'spec.hosts' },
    ],
  }),
  kind(NETWORKING, 'DestinationRule', 'destinationrules', ALL, { shortNames: ['dr'], columns: [{ name: 'Host', path: 'spec.host' }] }),
  kind(NETWORKING, 'Gateway', 'gateways', ALL, { shortNames: ['gw'] }),
  kind(NETWORKING, 'ServiceEntry', 'serviceentries', ALL, {
    shortNames: ['se'],
    columns: [
      { name: 'Hosts', path: 'spec.hosts' },
      { name: 'Location', path: 'spec.location' },
      { name: 'Resolution', path: 'spec.resolution' },
    ],
  }),
  kind(NETWORKING, 'Sidecar', 'sidecars', ALL),
  kind(NETWORKING, 'WorkloadEntry', 'workloadentries', ALL, { shortNames: ['we'] }),
  kind(NETWORKING, 'WorkloadGroup', 'workloadgroups', ALL, { shortNames: ['wg'] }),
  kind(NETWORKING, 'ProxyConfig', 'proxyconfigs', ['v1beta1']),
  kind(NETWORKING, 'EnvoyFilter', 'envoyfilters', ['v1alpha3']),
  kind(SECURITY, 'AuthorizationPolicy', 'authorizationpolicies', ['v1', 'v1beta1'], { shortNames: ['ap'] }),
  kind(SECURITY, 'PeerAuthentication', 'peerauthentications', ['v1', 'v1beta1'], { shortNames: ['pa'] }),
  kind(SECURITY, 'RequestAuthentication', 'requestauthentications', ['v1', 'v1beta1'], { shortNames: ['ra'] }),
  kind('telemetry.istio.io', 'Telemetry', 'telemetries', ['v1', 'v1alpha1'], { shortNames: ['telemetry'] }),
  kind('extensions.istio.io', 'WasmPlugin', 'wasmplugins', ['v1alpha1']),
  kind(GATEWAY_API, 'GatewayClass', 'gatewayclasses', ['v1', 'v1beta1'], { shortNames: ['gc'], namespaced: false }),
  kind(GATEWAY_API, 'Gateway', 'gateways', ['v1', 'v1beta1'], { shortNames: ['gtw'] }),
  kind(GATEWAY_API, 'HTTPRoute', 'httproutes', ['v1', 'v1beta1']),
  kind(GATEWAY_API, 'GRPCRoute', 'grpcroutes', ['v1']),
  kind(GATEWAY_API, 'ReferenceGrant', 'referencegrants', ['v1', 'v1beta1'], { shortNames: ['refgrant'] }),
];
