import { type Labels, labelsIn } from '@heddle/core';
import { hostsMatch, isWildcard } from './hosts.js';
import { connectionsOf } from './parse-http-rule.js';
import { type Raw, records, text } from './raw.js';
import type { Subjects } from './subjects.js';
import type { Service, VirtualService, World } from './world-types.js';

/** By what the objects in question tell clients apart. */
export interface ClientConditions {
  readonly namespaces: readonly string[];
  readonly labelSets: readonly { readonly labels: Labels; readonly namespace?: string }[];
}

export function clientConditions(world: World, subjects: Subjects): ClientConditions {
  const namespaces = new Set<string>();
  const labelSets: { labels: Labels; namespace?: string }[] = [];
  const mentioned = (visible: Iterable<string>) => {
    for (const one of visible) if (one !== '*' && one !== '~') namespaces.add(one);
  };
  const destinations = new Set([...subjects.services.keys()].map(({ host }) => host));
  for (const one of subjects.relevant) {
    mentioned(one.visible);
    if (one.routes !== undefined) namespaces.add(one.namespace);
    for (const match of matchesOf(one)) {
      const namespace = text(match.sourceNamespace);
      if (namespace !== '') namespaces.add(namespace);
      const labels = labelsIn(match.sourceLabels);
      if (Object.keys(labels).length > 0) labelSets.push({ labels });
    }
    for (const host of destinationsOf(one, world.domain)) destinations.add(host);
  }
  for (const host of destinations) {
    const service = world.serviceByHost.get(host);
    if (service !== undefined) mentioned(service.visible);
  }
  for (const service of opening(world, subjects)) mentioned(service.visible);
  for (const rule of world.destinationRules) {
    if (![...destinations].some((host) => (isWildcard(rule.host) ? hostsMatch(rule.host, host) : rule.host === host))) continue;
    namespaces.add(rule.namespace);
    mentioned([...rule.exportTo].filter((one) => one !== '.'));
    if (rule.selector !== undefined) labelSets.push({ labels: rule.selector, namespace: rule.namespace });
    if (rule.namespace === world.rootNamespace) namespaces.add(world.rootNamespace);
  }
  for (const sidecar of world.sidecars) {
    namespaces.add(sidecar.namespace);
    if (sidecar.selector !== undefined) labelSets.push({ labels: sidecar.selector, namespace: sidecar.namespace });
  }
  // A Sidecar of the root namespace may import `./*`, which means another thing in each namespace that a service is in.
  if (world.sidecars.length > 0) for (const service of subjects.services.keys()) namespaces.add(service.namespace);
  if (world.sidecars.length > 0) for (const one of subjects.relevant) namespaces.add(one.namespace);
  for (const service of subjects.services.keys()) namespaces.add(service.namespace);
  return { namespaces: [...namespaces].filter((one) => one !== '').sort(), labelSets };
}

/**
 * Services by which a port's listener comes to be for some clients and not for others. Where a service that everybody sees has the port
 * too, and no Sidecar says who is told of it, all have the listener.
 */
function opening(world: World, subjects: Subjects): readonly Service[] {
  const ports = new Set([...subjects.services.values(), ...subjects.hosts.values()].flatMap((set) => [...set]));
  return [...ports].flatMap((port) => {
    const all = world.services.filter((service) => service.ports.some((one) => one.number === port && one.protocol === 'http'));
    return world.sidecars.length === 0 && all.some(({ visible }) => visible.has('*')) ? [] : all;
  });
}

export function matchesOf(virtualService: VirtualService): readonly Raw[] {
  return [
    ...virtualService.http.flatMap(({ match }) => match),
    ...[...virtualService.tcp, ...virtualService.tls].flatMap((rule) => records(rule.match)),
  ];
}

/** Hosts that a VirtualService sends requests or copies to. */
export function destinationsOf(virtualService: VirtualService, domain: string): readonly string[] {
  const http = virtualService.http.flatMap((rule) => [
    ...rule.route.map(({ host }) => host),
    ...(rule.mirror === undefined ? [] : [rule.mirror.host]),
    ...(rule.mirrors ?? []).map(({ destination }) => destination.host),
  ]);
  return [...http, ...connectionsOf([...virtualService.tcp, ...virtualService.tls], virtualService.namespace, domain)];
}
