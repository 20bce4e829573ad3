import { isRecord, type KubeObject, type Labels } from '@heddle/core';

/** The labels that a Service selects its Pods by; none for one whose endpoints somebody else writes, or that is a name alone. */
export function selectorOf({ spec }: KubeObject): Labels {
  if (!isRecord(spec) || !isRecord(spec.selector) || spec.type === 'ExternalName') return {};
  return Object.fromEntries(Object.entries(spec.selector).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Whether a Pod's condition `Ready` holds: only then does Kubernetes send it requests. */
export function isReadyPod({ status }: KubeObject): boolean {
  const conditions = isRecord(status) && Array.isArray(status.conditions) ? status.conditions : [];
  return conditions.some((one) => isRecord(one) && one.type === 'Ready' && one.status === 'True');
}
