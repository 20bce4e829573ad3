import type { Labels } from '@heddle/core';
import { serviceTag } from '../owned/ownership.js';
import { isForService } from './choose-traffic-route.js';
import { hasOldItem } from './listeners.js';
import type { MeshPolicies, TargetedRoute } from './mesh-policies.js';
import { itemsFor } from './route-items.js';
import type { Subjects } from './subjects.js';
import type { Who } from './who.js';
import type { World } from './world-types.js';

/** By what the policies in question tell the clients of one mesh apart. */
export interface ClientConditions {
  readonly namespaces: readonly string[];
  readonly labelSets: readonly { readonly labels: Labels; readonly namespace?: string }[];
}

export function clientConditions(world: World, policies: MeshPolicies, subjects: Subjects): ClientConditions {
  const namespaces = new Set<string>();
  const labelSets: { labels: Labels; namespace?: string }[] = [];
  const add = (who: Who) => {
    for (const { namespace, labels } of who) {
      if (namespace !== undefined) namespaces.add(namespace);
      if (Object.keys(labels).length > 0) labelSets.push({ labels, ...(namespace === undefined ? {} : { namespace }) });
    }
  };
  const tags = subjects.all.map(({ service, port }) => serviceTag({ namespace: service.namespace, name: service.name, port }));
  for (const { route, sources } of policies.trafficRoutes) {
    if (tags.some((tag) => isForService(route, tag))) for (const { who } of sources) add(who);
  }
  for (const targeted of [...policies.httpRoutes, ...policies.tcpRoutes]) {
    if (concerns(world, policies, targeted, subjects, tags)) add(targeted.who);
  }
  for (const { service } of subjects.all) namespaces.add(service.namespace);
  return { namespaces: [...namespaces].filter((one) => one !== '').sort(), labelSets };
}

/** A policy about another service counts too where it ends a client's routing by TrafficRoute. */
function concerns(world: World, policies: MeshPolicies, { route }: TargetedRoute, subjects: Subjects, tags: readonly string[]): boolean {
  if (policies.trafficRoutes.length > 0 && hasOldItem(route)) return true;
  if (tags.some((tag) => itemsFor(world, [route], { as: 'tag', tag }) !== undefined)) return true;
  const services = new Set(subjects.all.map(({ service }) => service));
  return world.destinations.some(
    (destination) =>
      destination.service !== undefined &&
      services.has(destination.service) &&
      destination.ports.some((port) => itemsFor(world, [route], { as: 'resource', destination, port }) !== undefined),
  );
}
