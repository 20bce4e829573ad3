import type { MeshAdapter } from '@heddle/core';

/** Parts of the MeshConfig and of istiod's set-up that `detect` reads, and that may be said of a cluster that is not asked. */
export const settings: NonNullable<MeshAdapter['settings']> = {
  rootNamespace: 'text',
  clusterDomain: 'text',
  outboundTrafficPolicy: ['ALLOW_ANY', 'REGISTRY_ONLY'],
  pathNormalization: ['DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'],
  defaultVirtualServiceExportTo: 'text',
  defaultDestinationRuleExportTo: 'text',
  enableNamespacesByDefault: ['true', 'false'],
};
