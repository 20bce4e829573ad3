import { type Labels, labelsMatch, metaOf } from '@heddle/core';
import { serviceTag } from '../owned/ownership.js';
import { isReady, isWorkload, targetOf } from './parse-kube.js';
import { record, records, text } from './raw.js';
import { MESH_LABEL, NAMESPACE_TAG, PROTOCOL_TAG, SERVICE_TAG, ZONE_TAG } from './tags.js';
import type { Dataplane, Inbound, Pod, Service, Tags } from './world-types.js';

/** Stands for the port of a proxy without a Service (kuma `api/mesh/v1alpha1`, `TCPPortReserved`). */
const NO_PORT = 49151;

export interface DataplaneOptions {
  readonly zone: string;
  readonly inboundTags: boolean;
}

/** The Dataplanes that Kuma's controller makes of Pods (kuma `k8s/controllers/pod_converter.go`, `inbound_converter.go`, 2.14). */
export function dataplanesOf(pods: readonly Pod[], services: readonly Service[], options: DataplaneOptions): readonly Dataplane[] {
  const inNamespace = new Map<string, Service[]>();
  for (const service of [...services].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (service.ignored || service.shape === 'externalName' || service.shape === 'selectorless') continue;
    const known = inNamespace.get(service.namespace);
    if (known === undefined) inNamespace.set(service.namespace, [service]);
    else known.push(service);
  }
  return pods.filter(isWorkload).map((pod) => dataplaneOf(pod, inNamespace.get(pod.ref.namespace) ?? [], options));
}

function dataplaneOf(pod: Pod, services: readonly Service[], options: DataplaneOptions): Dataplane {
  const selecting = services.filter(({ selector }) => Object.keys(selector).length > 0 && labelsMatch(selector, pod.labels));
  const served = selecting.flatMap((service) => inboundsOf(pod, service, options));
  return {
    ref: pod.ref,
    namespace: pod.ref.namespace,
    mesh: pod.mesh,
    labels: dataplaneLabels(pod, options.zone),
    inbounds: served.length > 0 ? served : [withoutService(pod, options)],
    gateway: pod.annotations['kuma.io/gateway'] !== undefined,
  };
}

function inboundsOf(pod: Pod, service: Service, options: DataplaneOptions): readonly Inbound[] {
  return service.ports
    .filter(({ transport }) => transport === 'TCP')
    .flatMap((port): Inbound[] => {
      const found = targetOf(pod, port);
      if (found === undefined) return [];
      const own: Tags = {
        ...labelTags(pod.labels),
        [NAMESPACE_TAG]: pod.ref.namespace,
        'k8s.kuma.io/service-name': service.name,
        'k8s.kuma.io/service-port': String(port.number),
        [SERVICE_TAG]: serviceTag({ namespace: service.namespace, name: service.name, port: port.number }),
        [ZONE_TAG]: options.zone,
        [PROTOCOL_TAG]: port.protocol,
        ...(service.shape === 'headless' ? { 'kuma.io/instance': pod.ref.name } : {}),
      };
      const ready = isReady(pod, found.container);
      const tags = options.inboundTags ? own : {};
      return [{ service, port: port.number, target: found.port, protocol: port.protocol, tags, ready }];
    });
}

function withoutService(pod: Pod, options: DataplaneOptions): Inbound {
  const own: Tags = {
    ...Object.fromEntries(Object.entries(pod.labels).filter(([, value]) => value !== '')),
    [NAMESPACE_TAG]: pod.ref.namespace,
    [SERVICE_TAG]: `${workloadName(pod)}_${pod.ref.namespace}_svc`,
    [ZONE_TAG]: options.zone,
    [PROTOCOL_TAG]: 'tcp',
    'kuma.io/instance': pod.ref.name,
  };
  const tags = options.inboundTags ? own : {};
  return { service: undefined, port: NO_PORT, target: NO_PORT, protocol: 'tcp', tags, ready: isReady(pod, undefined) };
}

/** Labels that become tags of an inbound behind a Service: all that are not Kuma's own, unless empty. */
function labelTags(labels: Labels): Tags {
  return Object.fromEntries(Object.entries(labels).filter(([key, value]) => value !== '' && !key.includes('kuma.io/')));
}

/**
 * What Kuma calls a Pod that no Service selects (`serviceless_name_extractor.go`): its Deployment's or other controller's name. A
 * ReplicaSet's own object is not read: its name is its Deployment's with a hash. In files nothing may own the Pod: the label `app`
 * stands in.
 */
function workloadName(pod: Pod): string {
  const { ownerReferences, uid } = metaOf(pod.object);
  const [owner] = records(ownerReferences);
  if (owner === undefined) return (uid === undefined ? pod.labels.app : undefined) ?? pod.ref.name;
  const name = text(owner.name);
  const hash = pod.labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)) return name.slice(0, -hash.length - 1);
  // A CronJob's Jobs are named after it and the minute.
  return owner.kind === 'Job' ? name.replace(/-\d{8,}$/, '') : name;
}

/** A Pod's labels and those that Kuma computes for its Dataplane (kuma `pkg/core/resources/labels/compute.go`, 2.14). */
function dataplaneLabels(pod: Pod, zone: string): Labels {
  const account = text(record(pod.object.spec).serviceAccountName) || 'default';
  return {
    'kuma.io/origin': 'zone',
    'kuma.io/env': 'kubernetes',
    [ZONE_TAG]: zone,
    ...pod.labels,
    [MESH_LABEL]: pod.mesh,
    [NAMESPACE_TAG]: pod.ref.namespace,
    'kuma.io/display-name': pod.ref.name,
    'kuma.io/proxy-type': 'dataplane',
    'k8s.kuma.io/service-account': account,
  };
}
