import type { MeshEnvironment, Observed, ServiceRef, Version } from '@heddle/core';
import { isOwnSubset } from '../owned/subset-name.js';
import { destinationRuleFor, indexDestinationRules } from './destination-rules.js';
import { legacyVersions } from './route-rule/as-virtual-services.js';
import { readWorld } from './world.js';

/** The subsets of the DestinationRule that clients in the service's own namespace use (semantics §1, DestinationRule lookup); where RouteRules decide, their sets of labels. */
export function versions(wanted: ServiceRef, seen: Observed, env: MeshEnvironment): readonly Version[] {
  const world = readWorld(seen, env);
  const service = world.services.find(({ namespace, name }) => namespace === wanted.namespace && name === wanted.name);
  if (service === undefined) return [];
  const index = indexDestinationRules(world, env.settings.defaultDestinationRuleExportTo === '.');
  const rule = destinationRuleFor(world, index, { kind: 'sidecar', namespace: service.namespace, has: () => false }, service);
  const theirs = (rule?.subsets ?? []).filter(({ name }) => !isOwnSubset(name));
  const subsets = theirs.map(({ name, labels }): Version => ({ id: name, realise: 'subset', labels, ref: name }));
  return [...subsets, ...legacyVersions(world.routeRules, service.host)];
}
