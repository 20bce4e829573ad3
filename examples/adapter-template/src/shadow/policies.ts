import {
  describeRef,
  describeUnread,
  type Labels,
  labelsMatch,
  type MeshEnvironment,
  type Observed,
  objectsOf,
  type Refusal,
  refOf,
  refusal,
} from '@heddle/core';
import { policyQueries } from '../decode/reads.js';
import type { Service } from '../decode/world.js';
import { record, records } from '../raw.js';

/** The pods that policies may be written for, and the shadow beside them. */
export interface Guarded {
  readonly service: Service;
  readonly pods: readonly Labels[];
  readonly labels: Labels;
  readonly sidecar: boolean;
}

const INSTEAD = 'use --accept-policy-gap if that is what you want';

/** Authorization policies that hold for the pods of a Service and not for its shadow: who calls it would be let in unchecked. */
export function policyGaps({ service, pods, labels, sidecar }: Guarded, seen: Observed, env: MeshEnvironment): readonly Refusal[] {
  const target = { services: service.ports.map(({ number }) => ({ namespace: service.namespace, name: service.name, port: number })) };
  const unread = policyQueries(target, env).flatMap((query) => {
    const why = describeUnread(query, seen);
    return why === undefined ? [] : [refusal('policy-gap', why, { instead: INSTEAD })];
  });
  const gaps = objectsOf(seen, 'security.istio.io', 'AuthorizationPolicy').flatMap((policy) => {
    const spec = record(policy.spec);
    const selector = record(record(spec.selector).matchLabels) as Labels;
    const forService = records(spec.targetRefs).length > 0 || spec.targetRef !== undefined;
    const base = forService || (pods.length > 0 ? pods : [service.selector]).some((pod) => labelsMatch(selector, pod));
    const shadow = sidecar && !forService && labelsMatch(selector, labels);
    if (!base || shadow || spec.action === 'AUDIT') return [];
    const ref = refOf(policy);
    return [refusal('policy-gap', `${describeRef(ref)} holds for pods of the Service and not for its shadow`, { instead: INSTEAD, ref })];
  });
  return [...unread, ...gaps];
}
