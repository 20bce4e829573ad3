import { canonicalJson } from '@heddle/core';
import { record } from '../../decode/raw.js';
import type { MeshRoute } from '../../decode/world-types.js';

/** Whose calls a policy is about: what its copies must say too, so that they count for the same callers and no others. */
export interface CallerScope {
  /** As written; absent: the whole mesh. */
  readonly targetRef: Readonly<Record<string, unknown>> | undefined;
  /** A consumer's policy holds for the callers in its own namespace only. */
  readonly consumerNamespace: string | undefined;
}

export const WHOLE_MESH: CallerScope = { targetRef: undefined, consumerNamespace: undefined };

export function scopeOf(policy: MeshRoute): CallerScope {
  const targetRef = record(policy.object.spec).targetRef;
  const whole = policy.targetRef.kind === 'Mesh' && policy.targetRef.proxyTypes === undefined;
  return {
    targetRef: whole ? undefined : record(targetRef),
    consumerNamespace: policy.role === 'consumer' || policy.role === 'workload-owner' ? policy.namespace : undefined,
  };
}

export const scopeKey = ({ targetRef, consumerNamespace }: CallerScope): string =>
  canonicalJson([targetRef ?? null, consumerNamespace ?? null]);
