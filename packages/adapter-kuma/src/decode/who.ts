import type { CellProxy, Labels, RequestSource } from '@heddle/core';
import { parseServiceTag, serviceTag } from '../owned/ownership.js';
import { ANY, NAMESPACE_TAG, PROTOCOL_TAG, SERVICE_TAG, tagsMatch, ZONE_TAG } from './tags.js';
import type { Dataplane, Service, ServicePort, Tags, World } from './world-types.js';

/** Clients that fit any of these; nobody when empty. */
export type Who = readonly RequestSource[];

export const EVERYBODY: Who = [{ labels: {} }];

export const isWho = (who: Who, proxy: Pick<CellProxy, 'namespace' | 'has'>): boolean =>
  who.some(({ namespace, labels }) => (namespace === undefined || namespace === proxy.namespace) && proxy.has(labels));

/** Those of them who are in a namespace. */
export function inNamespace(who: Who, namespace: string): Who {
  return who.flatMap((clause) => (clause.namespace === undefined || clause.namespace === namespace ? [{ ...clause, namespace }] : []));
}

/**
 * The clients one of whose inbounds has all the tags of a selector (kuma `api/mesh/v1alpha1/dataplane_helpers.go`, `Matches`, 2.14).
 * Which inbounds a client has follows from the Services that select it, so a selector by service becomes that Service's selector.
 */
export function whoHasTags(world: World, selector: Tags): Who {
  if (Object.keys(selector).length === 0) return EVERYBODY;
  if (!world.inboundTags) return [];
  const entries = Object.entries(selector);
  const [own, plain] = [entries.filter(([key]) => isOwnTag(key)), entries.filter(([key]) => !isOwnTag(key))];
  const asked = Object.fromEntries(own.filter(([, value]) => value !== ANY));
  const { [NAMESPACE_TAG]: namespace, [ZONE_TAG]: zone, ...inbound } = asked;
  if (zone !== undefined && zone !== world.zone) return [];
  const places: Who =
    Object.keys(inbound).length === 0
      ? [{ labels: {}, ...(namespace === undefined ? {} : { namespace }) }]
      : [
          ...behindServices(world, { ...inbound, ...(namespace === undefined ? {} : { [NAMESPACE_TAG]: namespace }) }),
          ...alone(world, asked),
        ];
  return withLabels(world, places, Object.fromEntries(plain));
}

/** Tags that Kuma makes; a Pod's labels of such names become no tags. */
const isOwnTag = (key: string): boolean => key.includes('kuma.io/');

function behindServices(world: World, asked: Tags): Who {
  return world.services
    .filter((service) => Object.keys(service.selector).length > 0 && !service.ignored && service.shape !== 'externalName')
    .filter((service) => service.ports.some((port) => port.transport === 'TCP' && tagsMatch(asked, inboundTags(service, port))))
    .map(({ namespace, selector }) => ({ namespace, labels: selector }));
}

const inboundTags = (service: Service, port: ServicePort): Tags => ({
  [SERVICE_TAG]: serviceTag({ namespace: service.namespace, name: service.name, port: port.number }),
  [NAMESPACE_TAG]: service.namespace,
  [PROTOCOL_TAG]: port.protocol,
  'k8s.kuma.io/service-name': service.name,
  'k8s.kuma.io/service-port': String(port.number),
});

/** Pods that no Service selects are known by those that were seen. */
function alone(world: World, asked: Tags): Who {
  const found = world.dataplanes.filter(({ inbounds }) => inbounds.some((one) => one.service === undefined && tagsMatch(asked, one.tags)));
  return whoAre(world, found);
}

/** Clients like these Pods, by the labels that tell them from the others of their namespace. */
export function whoAre(world: World, dataplanes: readonly Dataplane[]): Who {
  const byNamespace = new Map<string, Dataplane[]>();
  for (const one of dataplanes) byNamespace.set(one.namespace, [...(byNamespace.get(one.namespace) ?? []), one]);
  return [...byNamespace].flatMap(([namespace, own]) => {
    const others = world.dataplanes.filter((one) => one.namespace === namespace && !own.includes(one));
    return groupsOf(own).map((group) => ({ namespace, labels: tellingLabels(group, others) }));
  });
}

/** Whether labels cannot tell these Pods from the others of their namespaces. */
export function areAlike(world: World, dataplanes: readonly Dataplane[]): boolean {
  const labels = new Set(dataplanes.map((one) => `${one.namespace} ${JSON.stringify(stable(one.labels))}`));
  return world.dataplanes.some((one) => !dataplanes.includes(one) && labels.has(`${one.namespace} ${JSON.stringify(stable(one.labels))}`));
}

/** Pods of one workload have the same labels, but for those that tell revisions and Pods apart. */
function groupsOf(dataplanes: readonly Dataplane[]): readonly Labels[] {
  return [...new Map(dataplanes.map(({ labels }) => [JSON.stringify(stable(labels)), stable(labels)])).values()];
}

const PASSING = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
]);

const stable = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([key]) => !PASSING.has(key) && !isOwnTag(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const NAMES = ['app', 'app.kubernetes.io/name', 'k8s-app', 'app.kubernetes.io/instance'];

/** One label where it is enough, best a name; else all. */
function tellingLabels(labels: Labels, others: readonly Dataplane[]): Labels {
  const keys = [...NAMES.filter((key) => key in labels), ...Object.keys(labels).filter((key) => !NAMES.includes(key))];
  const telling = keys.find((key) => others.every((other) => other.labels[key] !== labels[key]));
  return telling === undefined ? labels : { [telling]: labels[telling] ?? '' };
}

/**
 * Adds conditions on labels. A label of any value has no place in a set of clients, so it stands for the values that some Pod is
 * seen to have.
 */
function withLabels(world: World, places: Who, plain: Tags): Who {
  return Object.entries(plain).reduce((who: Who, [key, value]) => {
    const values = value === ANY ? [...new Set(world.pods.map(({ labels }) => labels[key] ?? ''))].filter((one) => one !== '') : [value];
    return who.flatMap((clause) =>
      values.flatMap((one) => {
        const other = clause.labels[key];
        return other === undefined || other === one ? [{ ...clause, labels: { ...clause.labels, [key]: one } }] : [];
      }),
    );
  }, places);
}

/** Namespaces whose Pods without a Service a selector may mean. */
export function namespacesMeant(selector: Tags): readonly string[] {
  const service = parseServiceTag(selector[SERVICE_TAG]);
  return service === undefined ? [] : [service.namespace];
}
