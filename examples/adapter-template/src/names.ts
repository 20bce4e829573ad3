import { isRecord, metaOf, type Owner, ownerKey, parseOwnerKey } from '@heddle/core';

export const GATEWAY_API = 'gateway.networking.k8s.io';
export const HTTP_ROUTE = 'HTTPRoute';
/** How Istio's control plane calls itself in GatewayClasses and in the status of routes (istio, pkg/config/constants/constants.go, 1.31). */
export const CONTROLLER = 'istio.io/gateway-controller';

/** Whose the rules of an object of ours are: a rule must name its owner itself, so that clean-up works without any record. */
const OWNER_ANNOTATION = 'heddle.dev/owner';
/** `rules`, or `rest`: a catch-all for what no rule matches. */
const PART_ANNOTATION = 'heddle.dev/part';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

export type Part = 'rules' | 'rest';

/**
 * The metadata of an HTTPRoute of ours. Names sort by the owner's id, so by age, which decides between routes of one second; and they
 * tell owners of different namespaces apart, whose routes may stand in a third one.
 */
export function ownMetadata(owner: Owner, part: Part, namespace: string, port: number | 'all', service: string) {
  return {
    name: `heddle-${owner.kind}-${owner.id}-${owner.namespace}-${service}-${port}-${part}`,
    namespace,
    labels: { [MANAGED_BY]: 'heddle', [`heddle.dev/${owner.kind}`]: owner.id },
    annotations: { [OWNER_ANNOTATION]: ownerKey(owner), [PART_ANNOTATION]: part },
  };
}

/** Whose an HTTPRoute is, and which part of it; `undefined` for those of others. */
export function ownedPart(object: unknown): { readonly owner: Owner; readonly part: Part } | undefined {
  if (!isRecord(object)) return undefined;
  const { labels, annotations } = metaOf(object);
  const owner = parseOwnerKey(annotations[OWNER_ANNOTATION] ?? '');
  if (labels[MANAGED_BY] !== 'heddle' || owner === undefined) return undefined;
  return { owner, part: annotations[PART_ANNOTATION] === 'rest' ? 'rest' : 'rules' };
}
