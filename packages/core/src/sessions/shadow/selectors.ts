import type { Note, Refusal } from '../../model/change.js';
import { describeRef, isRecord, type KubeObject, type Labels, refOf } from '../../model/object.js';

/**
 * Whether a `metav1.LabelSelector` holds for labels (k8s.io/apimachinery, pkg/apis/meta/v1/helpers.go: an empty selector selects everything,
 * an absent one nothing). An unknown operator counts as a hit, so that it is reported rather than overlooked.
 */
export function selectorHolds(selector: unknown, labels: Labels): boolean {
  if (!isRecord(selector)) return false;
  const equal = isRecord(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  if (!equal.every(([key, value]) => labels[key] === value)) return false;
  const terms = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isRecord) : [];
  return terms.every((term) => {
    const key = String(term.key);
    const values = Array.isArray(term.values) ? term.values : [];
    const value = labels[key];
    switch (term.operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return true;
    }
  });
}

/** Whether a Service's selector, a plain map, picks a pod; an empty or absent one picks none. */
export function servicePicks(service: KubeObject, labels: Labels): boolean {
  const spec = isRecord(service.spec) ? service.spec : {};
  const entries = isRecord(spec.selector) ? Object.entries(spec.selector) : [];
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

/**
 * Who else would pick up the shadow by its labels. A foreign Service would send its callers to the laptop: refused.
 * A PodDisruptionBudget counts it and a NetworkPolicy filters it: noted, since many namespaces have one that selects every pod.
 */
export function shadowConflicts(
  labels: Labels,
  others: { readonly services: readonly KubeObject[]; readonly budgets: readonly KubeObject[]; readonly policies: readonly KubeObject[] },
): { readonly refused: readonly Refusal[]; readonly notes: readonly Note[] } {
  const refused = others.services
    .filter((service) => servicePicks(service, labels))
    .map((service) => {
      const ref = refOf(service);
      return {
        code: 'shadow-selected',
        message: `${describeRef(ref)} would select the shadow's pod and send its callers to this machine`,
        instead: `Change agent.labels in the configuration so that its selector ${selectorText(service)} does not fit`,
        ref,
      };
    });
  const select = (objects: readonly KubeObject[], field: string) =>
    objects.filter((object) => isRecord(object.spec) && selectorHolds(object.spec[field], labels)).map(refOf);
  const notes: Note[] = [
    ...select(others.budgets, 'selector').map((ref) => ({
      code: 'shadow-counted',
      message: `${describeRef(ref)} counts the shadow's pod`,
      ref,
    })),
    ...select(others.policies, 'podSelector').map((ref) => ({
      code: 'shadow-filtered',
      message: `${describeRef(ref)} applies to the shadow's pod: callers that it does not allow get no answer from it`,
      ref,
    })),
  ];
  return { refused, notes };
}

function selectorText(service: KubeObject): string {
  const spec = isRecord(service.spec) ? service.spec : {};
  return Object.entries(isRecord(spec.selector) ? spec.selector : {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
