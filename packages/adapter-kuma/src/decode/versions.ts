import type { MeshEnvironment, Observed, ServiceRef, Version } from '@heddle/core';
import { readWorld } from './world.js';

/**
 * The values that the label `version` has on the Pods behind a service: tags that routes can choose by (semantics §2). Not where
 * inbounds carry no tags, as from 3.0 on.
 */
export function versions(wanted: ServiceRef, seen: Observed, env: MeshEnvironment): readonly Version[] {
  const world = readWorld(seen, env);
  if (world.release.major >= 3 || !world.inboundTags) return [];
  const values = world.dataplanes.flatMap(({ inbounds }) =>
    inbounds
      .filter(({ service, port }) => service?.namespace === wanted.namespace && service.name === wanted.name && port === wanted.port)
      .flatMap(({ tags }) => tags.version ?? []),
  );
  return [...new Set(values)].sort().map((value): Version => ({ id: value, realise: 'tag', labels: { version: value } }));
}
