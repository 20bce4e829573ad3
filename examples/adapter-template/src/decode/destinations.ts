import { isRecord, type KubeObject, labelsMatch, metaOf, type PodRef } from '@heddle/core';
import { record, records } from '../raw.js';
import type { DestinationOf } from './backends.js';
import { findService, isVersionOf, type Service, type World } from './world.js';

/**
 * Turns a backend of routes for a Service into a destination with its ready pods: none answer 503, and `no-cluster` is what does not
 * exist. Versions of the Service are marked, for a session on the Service is about their requests too.
 */
export function destinationsIn(world: World, base: Service, domain: string): DestinationOf {
  return ({ namespace, name, port, weight }) => {
    const service = findService(world, namespace, name);
    const exists = service?.ports.some((one) => one.number === port) === true;
    return {
      host: service?.host ?? `${name}.${namespace}.svc.${domain}`,
      port,
      weight,
      ...(service !== undefined && isVersionOf(service, base) ? { versionOf: { namespace: base.namespace, name: base.name } } : {}),
      endpoints: service !== undefined && exists ? readyPods(world, service) : 'no-cluster',
    };
  };
}

/** Pods that a Service sends requests to. */
function readyPods({ pods }: World, { namespace, selector }: Service): readonly PodRef[] {
  if (Object.keys(selector).length === 0) return [];
  return pods
    .filter((pod) => metaOf(pod).namespace === namespace && labelsMatch(selector, metaOf(pod).labels) && isReady(pod))
    .map((pod) => ({ namespace, name: metaOf(pod).name }));
}

function isReady(pod: KubeObject): boolean {
  const conditions = records(record(pod.status).conditions);
  const ready = conditions.some((condition) => isRecord(condition) && condition.type === 'Ready' && condition.status === 'True');
  return ready && metaOf(pod).deletionTimestamp === undefined;
}
