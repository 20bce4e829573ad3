import {
  describeRef,
  isRecord,
  type KubeObject,
  type Labels,
  labelsIn,
  labelsMatch,
  type MeshEnvironment,
  metaOf,
  type Observed,
  objectsOf,
  type Refusal,
  refOf,
  unreadReason,
} from '@heddle/core';
import { record, records } from '../decode/raw.js';
import { policyQuery, rootNamespace, SECURITY_GROUP } from './reads.js';

export interface PolicyInput {
  readonly namespace: string;
  readonly service: string;
  /** Labels of the service's pods; its selector where there are none. */
  readonly basePods: readonly Labels[];
  readonly shadow: { readonly labels: Labels; readonly sidecar: boolean };
}

/**
 * Authorization policies that turn some callers away from the service's pods and would not do so at the shadow, or that cannot be read.
 * A policy without a selector holds for every pod of its namespace that has a sidecar, the root namespace's for all
 * (istio.io, AuthorizationPolicy).
 */
export function policyGaps(input: PolicyInput, seen: Observed, env: MeshEnvironment): readonly Refusal[] {
  const namespaces = [...new Set([input.namespace, rootNamespace(env)])];
  const unread = namespaces.flatMap((namespace) => {
    const reason = unreadReason(seen, policyQuery(namespace));
    if (reason === undefined || reason === 'no such kind') return [];
    return [gap(`AuthorizationPolicies in ${namespace} could not be read (${reason}), so it is unknown whom the service turns away`)];
  });
  const missing = objectsOf(seen, SECURITY_GROUP, 'AuthorizationPolicy')
    .filter((policy) => namespaces.includes(metaOf(policy).namespace ?? ''))
    .filter((policy) => turnsAway(policy) && holdsForBase(policy, input) && !holdsForShadow(policy, input))
    .map((policy) => {
      const ref = refOf(policy);
      const why = input.shadow.sidecar ? 'selects its pods but not the shadow' : 'has no effect on a shadow without a sidecar';
      return { ...gap(`${describeRef(ref)} turns callers of ${input.namespace}/${input.service} away and ${why}`), ref };
    });
  return [...unread, ...missing];
}

const gap = (message: string): Refusal => ({
  code: 'policy-gap',
  message,
  instead: 'accept it with --accept-policy-gap, if whoever is let in by the match may reach this machine',
});

/** ALLOW lets nobody else in; a rule without conditions lets everybody in. AUDIT turns nobody away. */
function turnsAway(policy: KubeObject): boolean {
  const spec = record(policy.spec);
  const rules = records(spec.rules);
  if (spec.action === 'AUDIT') return false;
  if (spec.action === undefined || spec.action === 'ALLOW') return !rules.some((rule) => Object.keys(rule).length === 0);
  return rules.length > 0;
}

function holdsForBase(policy: KubeObject, { basePods, service }: PolicyInput): boolean {
  const targets = targetsOf(policy);
  if (targets.length > 0) return targets.some((target) => target.kind === 'Service' && target.name === service);
  return basePods.some((labels) => selects(policy, labels));
}

function holdsForShadow(policy: KubeObject, { shadow }: PolicyInput): boolean {
  return shadow.sidecar && targetsOf(policy).length === 0 && selects(policy, shadow.labels);
}

function targetsOf(policy: KubeObject): readonly Readonly<Record<string, unknown>>[] {
  const { targetRef, targetRefs } = record(policy.spec);
  return [...records(targetRefs), ...(isRecord(targetRef) ? [targetRef] : [])];
}

const selects = (policy: KubeObject, labels: Labels): boolean =>
  labelsMatch(labelsIn(record(record(policy.spec).selector).matchLabels), labels);
