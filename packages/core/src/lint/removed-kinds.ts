import { type KubeObject, refOf } from '../model/object.js';
import { type Finding, finding } from './finding.js';

/** Kinds that clusters served once (kubernetes.io, deprecation guide): since when no longer, and what to write. */
const REMOVED: Readonly<Record<string, { readonly since: string; readonly now?: string }>> = {
  'extensions/v1beta1 Ingress': { since: '1.22', now: 'networking.k8s.io/v1' },
  'networking.k8s.io/v1beta1 Ingress': { since: '1.22', now: 'networking.k8s.io/v1' },
  'networking.k8s.io/v1beta1 IngressClass': { since: '1.22', now: 'networking.k8s.io/v1' },
  'extensions/v1beta1 NetworkPolicy': { since: '1.16', now: 'networking.k8s.io/v1' },
  'extensions/v1beta1 Deployment': { since: '1.16', now: 'apps/v1' },
  'extensions/v1beta1 DaemonSet': { since: '1.16', now: 'apps/v1' },
  'extensions/v1beta1 ReplicaSet': { since: '1.16', now: 'apps/v1' },
  'apps/v1beta1 Deployment': { since: '1.16', now: 'apps/v1' },
  'apps/v1beta1 StatefulSet': { since: '1.16', now: 'apps/v1' },
  'apps/v1beta2 Deployment': { since: '1.16', now: 'apps/v1' },
  'apps/v1beta2 StatefulSet': { since: '1.16', now: 'apps/v1' },
  'apps/v1beta2 DaemonSet': { since: '1.16', now: 'apps/v1' },
  'apps/v1beta2 ReplicaSet': { since: '1.16', now: 'apps/v1' },
  'discovery.k8s.io/v1beta1 EndpointSlice': { since: '1.25', now: 'discovery.k8s.io/v1' },
  'policy/v1beta1 PodDisruptionBudget': { since: '1.25', now: 'policy/v1' },
  'policy/v1beta1 PodSecurityPolicy': { since: '1.25' },
  'batch/v1beta1 CronJob': { since: '1.25', now: 'batch/v1' },
};

/** Objects in files of a kind that no supported Kubernetes takes. */
export function lintRemovedKinds(objects: readonly KubeObject[]): readonly Finding[] {
  return objects.flatMap((object) => {
    const ref = refOf(object);
    const removed = REMOVED[`${ref.apiVersion} ${ref.kind}`];
    if (removed === undefined) return [];
    const { since, now } = removed;
    const form = ref.kind === 'Ingress' ? ': each path needs a pathType, and its backend is service.name with service.port' : '';
    return [
      finding('error', 'kind-removed', ref, `Kubernetes has not served ${ref.apiVersion} since ${since}, so it does not take this object`, {
        pointer: '/apiVersion',
        fix: now === undefined ? 'leave it away' : `write it as ${now}${form}`,
      }),
    ];
  });
}
