import type { Change, KubeObject, ServiceRef } from '@heddle/core';
import type { Random } from '../generate/random.ts';
import type { CaseRequest } from '../routing-case.ts';
import { aimedMatch } from './aimed-match.ts';

const ID = 't1a2b3c4d5e6';

export interface PlannedSession {
  readonly change: Change;
  /** Its shadow. */
  readonly objects: readonly KubeObject[];
  readonly requests: readonly CaseRequest[];
}

/** A session for some requests of a service, with the Service and the Pod that core would have made. */
export function sessionOf(
  service: ServiceRef,
  objects: readonly KubeObject[],
  random: Random,
  requests: readonly CaseRequest[],
): PlannedSession {
  const { match, aim } = aimedMatch(random, requests);
  const base = objects.find(({ kind, metadata }) => {
    const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string };
    return kind === 'Service' && name === service.name && namespace === service.namespace;
  });
  const { ports = [] } = (base?.spec ?? {}) as { readonly ports?: readonly { readonly port: number }[] };
  const labels = { 'heddle.dev/session': ID };
  const metadata = { name: `heddle-${service.name}-${ID}`, namespace: service.namespace };
  return {
    change: {
      owner: { kind: 'session', namespace: service.namespace, id: ID },
      services: [service],
      views: 'all',
      versions: [{ id: ID, realise: 'service', service: metadata }],
      intents: [{ match: [match], to: [{ version: ID, weight: 100 }] }],
    },
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { clusterIP: '10.96.9.9', selector: labels, ports: ports.filter(({ port }) => port === service.port) },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...metadata, labels },
        spec: { containers: [{ name: 'agent', image: 'agent' }] },
        status: { phase: 'Running', podIP: '10.244.9.9', conditions: [{ type: 'Ready', status: 'True' }] },
      },
    ],
    requests: random.some(requests, 2, 2).map(aim),
  };
}
