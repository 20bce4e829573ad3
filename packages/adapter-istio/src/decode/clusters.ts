import { type Destination, type Findings, type Labels, labelsMatch, type PodRef, VERSION_LABEL } from '@heddle/core';
import { isOwnSubset } from '../owned/subset-name.js';
import { type DestinationRuleIndex, destinationRuleFor, type MergedRule } from './destination-rules.js';
import { isWildcard } from './hosts.js';
import type { ClientProxy } from './proxy.js';
import { versionName } from './route-rule/version-name.js';
import type { Pod, Service, World } from './world-types.js';

export interface ClusterName {
  readonly host: string;
  readonly subset: string;
  /** In place of a subset: a RouteRule's destination, which has a cluster whatever it names. */
  readonly labels?: Labels | undefined;
  readonly port: number;
}

/** What a proxy can send to: which clusters it has, and who is behind them. */
export interface Clusters {
  destination(name: ClusterName, weight: number): Destination;
  /** The DestinationRule in force for a service, if any. */
  rule(service: Service): MergedRule | undefined;
}

/** Which ports of a service a proxy has clusters for. */
export type Reach = (service: Service) => 'all' | ReadonlySet<number>;

export function clustersFor(world: World, index: DestinationRuleIndex, proxy: ClientProxy, reach: Reach, found: Findings): Clusters {
  const rules = new Map<Service, MergedRule | undefined>();
  const rule = (service: Service): MergedRule | undefined => {
    if (!rules.has(service)) rules.set(service, destinationRuleFor(world, index, proxy, service));
    return rules.get(service);
  };
  return {
    rule,
    destination: ({ host, subset, labels: chosen, port }, weight) => {
      const service = world.serviceByHost.get(host);
      const servicePort = service?.ports.find((one) => one.number === port && one.protocol !== 'udp');
      const reached = service === undefined ? new Set<number>() : reach(service);
      const place = { host, port, ...(subset === '' ? {} : { subset }), weight };
      if (chosen !== undefined) {
        const endpoints = service === undefined || servicePort === undefined ? [] : endpointsOf(world, service, servicePort.target, chosen);
        return { ...place, ...(Object.keys(chosen).length === 0 ? {} : { labels: chosen, version: versionName(chosen) }), endpoints };
      }
      const defined = service === undefined || subset === '' ? undefined : rule(service)?.subsets.find(({ name }) => name === subset);
      if (
        service === undefined ||
        servicePort === undefined ||
        !(reached === 'all' || reached.has(port)) ||
        (subset !== '' && defined === undefined)
      ) {
        const labels = subset === '' ? undefined : labelsSomewhere(world, host, subset);
        return { ...place, ...(labels === undefined ? {} : { labels }), endpoints: 'no-cluster' };
      }
      if (service.shape !== 'clusterIP') unusual(service, found);
      const endpoints = endpointsOf(world, service, servicePort.target, defined?.labels ?? {});
      const labels = defined?.labels ?? {};
      // People know a version by its label, not by the name of a subset that was made for it.
      const version = isOwnSubset(subset) ? labels[VERSION_LABEL] : undefined;
      return {
        ...place,
        ...(Object.keys(labels).length === 0 ? {} : { labels }),
        ...(version === undefined ? {} : { version }),
        endpoints,
      };
    },
  };
}

function unusual(service: Service, found: Findings): void {
  const what = {
    headless: 'headless Services',
    externalName: 'ExternalName Services',
    selectorless: 'Services without a selector',
    clusterIP: '',
  };
  found.gap(`service.${service.shape}`, `${service.namespace}/${service.name}: ${what[service.shape]} are not read`, service.ref);
}

/** What the subset means in whatever DestinationRule defines it: of use to a reader although it is not in force. */
function labelsSomewhere(world: World, host: string, subset: string): Labels | undefined {
  for (const rule of world.destinationRules) {
    if (rule.host !== host && !isWildcard(rule.host)) continue;
    const defined = rule.subsets.find(({ name }) => name === subset);
    if (defined !== undefined && Object.keys(defined.labels).length > 0) return defined.labels;
  }
  return undefined;
}

/** Ready Pods that the Service selects and that carry the subset's labels. */
function endpointsOf(world: World, service: Service, target: number | string, labels: Labels): readonly PodRef[] {
  return (world.pods.get(service.namespace) ?? [])
    .filter((pod) => pod.ready && labelsMatch(service.selector, pod.labels) && labelsMatch(labels, pod.labels) && serves(pod, target))
    .map(({ ref }) => ref)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A Pod without the named container port is no endpoint of that port. */
const serves = (pod: Pod, target: number | string): boolean => typeof target === 'number' || pod.ports.has(target);
