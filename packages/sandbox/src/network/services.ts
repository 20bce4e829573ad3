import { type KubeObject, type Labels, labelsMatch, metaOf, type PodRef } from '@heddle/core';
import { dig, digList, digRecord } from '../dig.js';
import type { Store } from '../store/index.js';

const podsOf = (store: Store, namespace?: string) => store.list(store.kinds.core('Pod'), { namespace });
const refTo = (pod: KubeObject): PodRef => ({ namespace: metaOf(pod).namespace ?? '', name: metaOf(pod).name });

/** The first pod that carries the labels. */
export function podWith(store: Store, where: { readonly namespace: string; readonly labels: Labels } | undefined): KubeObject | undefined {
  return where && podsOf(store, where.namespace).find((pod) => labelsMatch(where.labels, metaOf(pod).labels));
}

/** A pod by its address. */
export function podAt(store: Store, ip: string): PodRef | undefined {
  return podsOf(store)
    .filter((pod) => dig(pod, 'status.podIP') === ip)
    .map(refTo)[0];
}

/** The Service that a host means to a client of a namespace: `a`, `a.ns`, `a.ns.svc`, `a.ns.svc.cluster.local` or a ClusterIP. */
export function serviceOf(store: Store, host: string, from: string): KubeObject | undefined {
  const [name, home = from, ...rest] = host.toLowerCase().replace(/\.$/, '').split('.');
  const named = ['', 'svc', 'svc.cluster.local'].includes(rest.join('.'));
  return store.list(store.kinds.core('Service')).find((service) => {
    const meta = metaOf(service);
    return dig(service, 'spec.clusterIP') === host || (named && meta.name === name && meta.namespace === home);
  });
}

/** Ready pods behind a Service, as its endpoints would list them. */
export function endpointsOf(store: Store, service: KubeObject | undefined): readonly PodRef[] {
  const selector = digRecord(service, 'spec.selector') as Labels;
  if (Object.keys(selector).length === 0) return [];
  const ready = (pod: KubeObject) => digList(pod, 'status.conditions').some(({ type, status }) => type === 'Ready' && status === 'True');
  const live = (pod: KubeObject) => ready(pod) && metaOf(pod).deletionTimestamp === undefined;
  return podsOf(store, metaOf(service).namespace)
    .filter((pod) => labelsMatch(selector, metaOf(pod).labels) && live(pod))
    .map(refTo);
}

/** The pod's port behind a Service's port; named target ports are looked up in the pod. */
export function targetPort(store: Store, service: KubeObject | undefined, port: number, pod: PodRef): number | undefined {
  const { targetPort: target } = digList(service, 'spec.ports').find((candidate) => candidate.port === port) ?? {};
  const ports = digList(store.find(store.kinds.core('Pod'), pod), 'spec.containers').flatMap((container) => digList(container, 'ports'));
  const found = typeof target === 'number' ? target : ports.find(({ name }) => target !== undefined && name === target)?.containerPort;
  return typeof found === 'number' ? found : undefined;
}
