import { isRecord, type KubeObject, metaOf, type Note, type Refusal, refOf, refuse } from '@heddle/core';
import { record, records, text } from '../../decode/raw.js';
import { lostMarks } from './object.js';

/** Why an object may not be edited, whoever wants to. */
export function refuseEditing(object: KubeObject): readonly Refusal[] {
  const { name, deletionTimestamp } = metaOf(object);
  const refused: Refusal[] = [];
  if (deletionTimestamp !== undefined) {
    refused.push(...refuse('being-deleted', `TrafficRoute ${name} is being deleted`, 'wait until it is gone').refused);
  }
  if (isFlaggers(object)) {
    refused.push(
      ...refuse(
        'managed-by-controller',
        `TrafficRoute ${name} is kept by Flagger, which writes it anew and would drop our rules`,
        'pause Flagger for this service, or work on a service that it does not keep',
      ).refused,
    );
  }
  return refused.map((refusal) => ({ ...refusal, ref: refOf(object) }));
}

/** Flagger names the TrafficRoute as the service and writes its whole spec (mesh-semantics §5). */
function isFlaggers(object: KubeObject): boolean {
  const owners = metaOf(object)
    .ownerReferences.filter(isRecord)
    .map((owner) => text(owner.apiVersion));
  const managers = records(record(object.metadata).managedFields).map((field) => text(field.manager));
  return owners.some((api) => api.startsWith('flagger.app/')) || managers.includes('flagger');
}

export function notesOn(object: KubeObject): readonly Note[] {
  const { name, labels, annotations } = metaOf(object);
  const ref = refOf(object);
  const has = (prefix: string) => [...Object.keys(labels), ...Object.keys(annotations)].some((key) => key.startsWith(prefix));
  const tool = has('argocd.argoproj.io/')
    ? 'Argo CD'
    : has('kustomize.toolkit.fluxcd.io/') || has('helm.toolkit.fluxcd.io/')
      ? 'Flux'
      : undefined;
  const kept = tool ?? (labels['app.kubernetes.io/managed-by'] === 'Helm' ? 'Helm' : undefined);
  const gitOps =
    kept === undefined
      ? []
      : [{ code: 'gitops', message: `TrafficRoute ${name} is kept by ${kept}, which may take rules out again when it syncs`, ref }];
  const lost = [...lostMarks(object).values()].map((owner) => ({
    code: 'rules-lost',
    message: `TrafficRoute ${name}: a rule of the standing route ${owner.namespace}/${owner.id} is marked but not there as it was written: somebody has edited it or taken it out`,
    ref,
  }));
  return [...gitOps, ...lost];
}
