import { isRecord, type KubeObject, type Labels, metaOf, type ObjectRef } from '../model/object.js';

/** What made a Pod: the Deployment behind its ReplicaSet, else its controller; `undefined` for a Pod on its own. */
export function workloadOf(pod: KubeObject): ObjectRef | undefined {
  const { ownerReferences, labels, namespace } = metaOf(pod);
  const owner = ownerReferences.filter(isRecord).find(({ controller }) => controller !== false);
  if (owner === undefined || typeof owner.name !== 'string' || typeof owner.kind !== 'string') return undefined;
  const place = namespace === undefined ? {} : { namespace };
  const hash = labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return { apiVersion: 'apps/v1', kind: 'Deployment', ...place, name: owner.name.slice(0, -hash.length - 1) };
  }
  return { apiVersion: typeof owner.apiVersion === 'string' ? owner.apiVersion : '', kind: owner.kind, ...place, name: owner.name };
}

/** Labels that a controller gives each Pod of its own: no rule is meant to tell Pods by them. */
const ADDED =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|(statefulset|apps|batch)\.kubernetes\.io\/.*|topology\..*)$/;

/**
 * The labels that a rule can tell the Pods of a workload by, in order of keys. A mesh may label Pods with their workload's name, under a key
 * of its own domain: nobody writes rules by that either.
 */
export function tellingLabels(labels: Labels, workload: string): Labels {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([key, value]) => !ADDED.test(key) && !(key.includes('/') && value === workload))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Those of the labels that people write: without a domain, or of Kubernetes' own. */
export function plainLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.includes('/') || key.startsWith('app.kubernetes.io/')));
}
