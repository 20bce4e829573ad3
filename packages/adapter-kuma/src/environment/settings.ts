import type { MeshAdapter } from '@heddle/core';

/** What a cluster is asked for by `detect`, and may be said of one that is not asked. */
export const settings: NonNullable<MeshAdapter['settings']> = {
  routing: ['TrafficRoute', 'MeshHTTPRoute'],
  mesh: 'text',
  meshServices: ['Disabled', 'Everywhere', 'ReachableBackends', 'Exclusive'],
  inboundTags: ['enabled', 'disabled'],
  systemNamespace: 'text',
  zone: 'text',
  clusterDomain: 'text',
};
