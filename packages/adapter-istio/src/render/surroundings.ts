import {
  type Destination,
  groupOf,
  type KubeObject,
  type Labels,
  labelsIn,
  labelsMatch,
  metaOf,
  type PodRef,
  type RoutedService,
  type Routing,
  refOf,
} from '@heddle/core';
import { portProtocol } from '../decode/port-protocol.js';
import { number, record, records, text } from '../decode/raw.js';
import { NETWORKING } from '../decode/world.js';
import type { PortProtocol } from '../decode/world-types.js';
import type { ServiceName } from './hosts.js';

interface KnownService {
  readonly object?: KubeObject;
  readonly selector: Labels;
  readonly ports: ReadonlyMap<number, PortProtocol>;
}

/** What is known of the cluster around a routing. */
export interface Surroundings {
  /** Istio's own. */
  readonly written: readonly KubeObject[];
  service(name: ServiceName): KnownService | undefined;
  /**
   * The labels of a destination that its Pods really carry: a mesh may tell versions apart by more, such as a zone, which no Pod is
   * labelled with. Where no Pod is known, all of them.
   */
  podLabels(destination: Destination): Labels;
  /** Whether Pods behind a Service carry labels, though a destination with these does not reach them. */
  reachesMore(name: ServiceName, labels: Labels, endpoints: readonly PodRef[]): boolean;
}

export function surroundingsOf({ services, objects }: Routing): Surroundings {
  const known = new Map<string, KnownService>(services.map((service) => [keyOf(service), routed(service)]));
  const pods = new Map<string, Labels>();
  const byNamespace = new Map<string, (PodRef & { readonly labels: Labels })[]>();
  const written: KubeObject[] = [];
  for (const object of objects) {
    const group = groupOf(refOf(object).apiVersion);
    const { namespace = '', name, labels } = metaOf(object);
    if (group === NETWORKING) written.push(object);
    else if (group === '' && object.kind === 'Service') known.set(keyOf({ namespace, name }), parsed(object));
    else if (group === '' && object.kind === 'Pod') {
      pods.set(keyOf({ namespace, name }), labels);
      const here = byNamespace.get(namespace) ?? [];
      here.push({ namespace, name, labels });
      byNamespace.set(namespace, here);
    }
  }
  return {
    written,
    service: (name) => known.get(keyOf(name)),
    podLabels: ({ labels = {}, endpoints }) => {
      const carried = endpoints === 'no-cluster' ? [] : endpoints.map((ref) => pods.get(keyOf(ref))).filter((own) => own !== undefined);
      if (carried.length === 0) return labels;
      return Object.fromEntries(Object.entries(labels).filter(([key, value]) => carried.every((own) => own[key] === value)));
    },
    reachesMore: (name, labels, endpoints) => {
      const selector = known.get(keyOf(name))?.selector ?? {};
      const reached = new Set(endpoints.map(keyOf));
      return (byNamespace.get(name.namespace) ?? []).some(
        (pod) => labelsMatch(selector, pod.labels) && labelsMatch(labels, pod.labels) && !reached.has(keyOf(pod)),
      );
    },
  };
}

const keyOf = ({ namespace, name }: ServiceName): string => `${namespace}/${name}`;

const routed = ({ selector = {}, ports }: RoutedService): KnownService => ({
  selector,
  ports: new Map(
    ports.map(({ port, name = '', appProtocol }) => [port, portProtocol({ number: port, name, transport: 'TCP', appProtocol })]),
  ),
});

function parsed(object: KubeObject): KnownService {
  const spec = record(object.spec);
  const ports = records(spec.ports).flatMap((raw): [number, PortProtocol][] => {
    const port = number(raw.port);
    if (port === undefined) return [];
    const appProtocol = typeof raw.appProtocol === 'string' ? raw.appProtocol : undefined;
    // UDP beside TCP on one port is not what rules are for.
    return text(raw.protocol) === 'UDP'
      ? []
      : [[port, portProtocol({ number: port, name: text(raw.name), transport: 'TCP', appProtocol })]];
  });
  return { object, selector: labelsIn(spec.selector), ports: new Map(ports) };
}
