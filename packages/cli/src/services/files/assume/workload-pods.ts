import { groupOf, isRecord, type KubeObject, type Labels, metaOf, refKey, refOf } from '@heddle/core';
import { labelIndex } from './label-index.js';
import { type Assumed, listed, readyPod } from './ready-pod.js';

export interface PodTemplate {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: KubeObject;
}

/** The template that a workload makes its Pods of, whatever its kind: Deployment, StatefulSet, Job, CronJob, Rollout…; no other object has one. */
export function podTemplate(object: KubeObject): PodTemplate | undefined {
  const spec = isRecord(object.spec) ? object.spec : {};
  const job = isRecord(spec.jobTemplate) && isRecord(spec.jobTemplate.spec) ? spec.jobTemplate.spec : spec;
  const template = job.template;
  if (!isRecord(template) || !isRecord(template.spec) || !Array.isArray(template.spec.containers)) return undefined;
  const { labels, annotations } = metaOf(template);
  return { labels, annotations, spec: template.spec };
}

/** Whether an object makes Pods that serve: jobs end, and nobody calls them. */
export const isServing = (object: KubeObject): boolean =>
  groupOf(refOf(object).apiVersion) !== 'batch' && podTemplate(object) !== undefined;

/** Ready Pods `<name>-0…` for the workloads that have none in the files, as many as `replicas` says (1 where it says nothing). */
export function podsOfWorkloads(objects: readonly KubeObject[]): Assumed {
  const index = labelIndex();
  for (const object of objects.filter(({ kind }) => kind === 'Pod')) {
    const { namespace = '', labels } = metaOf(object);
    index.add(namespace, labels);
  }
  const keys = new Set(objects.map((object) => refKey(refOf(object))));
  const made: KubeObject[] = [];
  const names: string[] = [];
  for (const object of objects) {
    const template = podTemplate(object);
    if (template === undefined || !isServing(object) || hasOwner(object, keys)) continue;
    const { namespace = 'default', name } = metaOf(object);
    if (index.picked(namespace, template.labels).length > 0) continue;
    const replicas = isRecord(object.spec) && typeof object.spec.replicas === 'number' ? object.spec.replicas : 1;
    for (let index = 0; index < replicas; index += 1)
      made.push(readyPod({ namespace, name: `${name}-${index}`, ...template, owner: refOf(object) }));
    names.push(`${refOf(object).kind} ${namespace}/${name}${replicas === 1 ? '' : ` (${replicas})`}`);
  }
  return { objects: made, notes: names.length === 0 ? [] : [`Ready pods are assumed for ${listed(names)}.`] };
}

/** A ReplicaSet of a Deployment that is there too would count twice. */
function hasOwner(object: KubeObject, keys: ReadonlySet<string>): boolean {
  const { namespace, ownerReferences } = metaOf(object);
  return ownerReferences.some((owner) => {
    if (!isRecord(owner) || typeof owner.apiVersion !== 'string' || typeof owner.kind !== 'string' || typeof owner.name !== 'string')
      return false;
    const ref = { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name };
    return keys.has(refKey(namespace === undefined ? ref : { ...ref, namespace }));
  });
}
