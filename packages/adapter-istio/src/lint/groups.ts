import type { KubeObject, Observed } from '@heddle/core';
import { destinationsOf } from '../decode/client-conditions.js';
import { hostsMatch, isWildcard } from '../decode/hosts.js';
import type { DestinationRule, Service, Sidecar, VirtualService, World } from '../decode/world-types.js';
import type { LintContext } from './context.js';

/** VirtualServices that have a host in common, with the services that they claim: decoded by themselves, whatever else the mesh holds. */
export interface Group {
  readonly virtualServices: readonly VirtualService[];
  readonly services: readonly Service[];
  /** Other names, as clients write them. */
  readonly hosts: readonly string[];
  /** All that their tables depend on. */
  readonly seen: Observed;
}

/**
 * The mesh in parts that do not depend on each other: a decode of it all at once would compile every service for the clients of every
 * namespace. Services that no rule is about are in no group.
 */
export function groupsOf(context: LintContext): readonly Group[] {
  const { world } = context;
  const claims = world.virtualServices.map((one): readonly [VirtualService, readonly Service[]] => [one, claimedBy(one, world)]);
  const rules = destinationRulesByHost(world);
  const port80 = world.services.find(({ ports }) => ports.some(({ number, protocol }) => number === 80 && protocol === 'http'));
  return joined(claims).map((members) => {
    const virtualServices = members.map(([one]) => one);
    const services = [...new Set(members.flatMap(([, claimed]) => claimed))];
    const names = new Set(services.map(({ host }) => host));
    const hosts = [...new Set(virtualServices.flatMap(namesOf))].filter((host) => !names.has(host));
    const reached = new Set(services);
    for (const one of virtualServices) {
      for (const host of destinationsOf(one, world.domain)) {
        const service = world.serviceByHost.get(host);
        if (service !== undefined) reached.add(service);
      }
    }
    const gateways = new Set(virtualServices.flatMap((one) => one.gateways));
    return { virtualServices, services, hosts, seen: seenFor(context, { virtualServices, reached, rules, gateways, port80 }) };
  });
}

const namesOf = ({ hosts }: VirtualService): readonly string[] => hosts.map((host) => host.toLowerCase());

function claimedBy(one: VirtualService, world: World): readonly Service[] {
  if (!one.gateways.includes('mesh')) return [];
  return namesOf(one).flatMap((host) => {
    if (isWildcard(host)) return world.services.filter((service) => hostsMatch(host, service.host));
    const service = world.serviceByHost.get(host);
    return service === undefined ? [] : [service];
  });
}

type Claim = readonly [VirtualService, readonly Service[]];

/** Those that have a host in common, directly or by others, are one part. */
function joined(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  const leader = claims.map((_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (leader[at] !== at) at = leader[at] ?? at;
    leader[index] = at;
    return at;
  };
  const first = new Map<string, number>();
  for (const [index, [one, services]] of claims.entries()) {
    for (const host of new Set([...namesOf(one), ...services.map((service) => service.host)])) {
      const other = first.get(host);
      if (other === undefined) first.set(host, index);
      else leader[find(index)] = find(other);
    }
  }
  const parts = Map.groupBy(claims.entries(), ([index]) => find(index));
  return [...parts.values()].map((part) => part.map(([, claim]) => claim));
}

interface RulesByHost {
  readonly exact: ReadonlyMap<string, readonly DestinationRule[]>;
  readonly wildcards: readonly DestinationRule[];
}

function destinationRulesByHost({ destinationRules }: World): RulesByHost {
  return {
    exact: Map.groupBy(destinationRules, ({ host }) => host),
    wildcards: destinationRules.filter(({ host }) => isWildcard(host)),
  };
}

interface Parts {
  readonly virtualServices: readonly VirtualService[];
  readonly reached: ReadonlySet<Service>;
  readonly rules: RulesByHost;
  readonly gateways: ReadonlySet<string>;
  /** Names that are no service's have a listener only where some service has the port. */
  readonly port80: Service | undefined;
}

function seenFor({ world, pods }: LintContext, { virtualServices, reached, rules, gateways, port80 }: Parts): Observed {
  const services = [...reached];
  const bound = world.gateways.filter(({ namespace, name }) => gateways.has(`${namespace}/${name}`));
  const objects: readonly KubeObject[] = [
    ...virtualServices.flatMap((one) => [
      ...(one.routes === undefined ? [one.object] : one.routes.map((route) => route.object)),
      ...one.delegates.map((leaf) => leaf.object),
    ]),
    ...services.flatMap(({ host }) => rules.exact.get(host) ?? []).map(({ object }) => object),
    ...rules.wildcards.filter(({ host }) => services.some((service) => hostsMatch(host, service.host))).map(({ object }) => object),
    ...[...services, ...(port80 === undefined || reached.has(port80) ? [] : [port80])].map(({ object }) => object),
    ...services.flatMap(({ namespace, selector }) => pods.selected(namespace, selector).map(({ object }) => object)),
    ...sidecarsFor(world, new Set([...virtualServices, ...services].map(({ namespace }) => namespace))).map(({ object }) => object),
    ...bound.map(({ object }) => object),
    ...bound.flatMap(({ selector, namespace }) => proxiesOf(selector, namespace, pods)),
  ];
  return new Map([['part', { objects }]]);
}

/** The Pods of a gateway; in files, which seldom hold them, one that stands for them. */
function proxiesOf(selector: Readonly<Record<string, string>>, namespace: string, pods: LintContext['pods']): readonly KubeObject[] {
  if (Object.keys(selector).length === 0) return [];
  const there = pods.withLabels(selector).map(({ object }) => object);
  if (there.length > 0) return there;
  return [{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: 'assumed', labels: selector } }];
}

/** Sidecars of other namespaces than those in question, as many as differ, and not more than this. */
const MOST_SIDECARS = 16;

/**
 * The Sidecars that callers of a part are told apart by: those of its own namespaces and of the root, and of all others one for each that
 * says something else. `./*` means another thing in every namespace, but here only in those.
 */
function sidecarsFor(world: World, namespaces: ReadonlySet<string>): readonly Sidecar[] {
  const others = new Map<string, Sidecar>();
  const own = world.sidecars.filter((one) => {
    if (namespaces.has(one.namespace) || one.namespace === world.rootNamespace) return true;
    if (others.size < MOST_SIDECARS) others.set(JSON.stringify([one.selector, one.egress, one.policy]), one);
    return false;
  });
  return [...own, ...others.values()];
}
