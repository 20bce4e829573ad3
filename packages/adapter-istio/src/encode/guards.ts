import { isRecord, type KubeObject, type MeshEnvironment, metaOf, type Note, type Owner, type Refusal, refOf, refuse } from '@heddle/core';
import { record, records, text } from '../decode/raw.js';
import { isForeignReservedName } from '../owned/rule-name.js';
import { isOf } from './arrange.js';
import { completeHost } from './hosts.js';
import { describeRule, httpOf } from './virtual-service.js';

/** Where an owner's rules send to. */
export interface Destinations {
  /** What the owner names; the rest stays where the copied rules send. */
  readonly hosts: readonly string[];
  /** The service itself. */
  readonly base: string;
  readonly env: MeshEnvironment;
}

/** Why an object may not be edited for an owner whose rules send to these hosts. */
export function refuseEditing(object: KubeObject, owner: Owner, to: Destinations): readonly Refusal[] {
  const ref = refOf(object);
  const called = `VirtualService ${ref.namespace ?? ''}/${ref.name}`;
  const refused: Refusal[] = [];
  if (metaOf(object).deletionTimestamp !== undefined) {
    refused.push(...refuse('being-deleted', `${called} is being deleted`, 'wait until it is gone').refused);
  }
  const controller = controllerOf(object);
  if (controller !== undefined) {
    refused.push(
      ...refuse(
        'managed-by-controller',
        `${called} is kept by ${controller}, which writes its rules anew and would drop ours`,
        `pause ${controller} for this service, or work on a service that it does not keep`,
      ).refused,
    );
  }
  return [...refused, ...refuseNames(object), ...refuseStrange(object, owner, to)].map((refusal) => ({ ...refusal, ref }));
}

/** Flagger assigns all rules afresh; Argo Rollouts removes destinations that it does not know (mesh-semantics §5). */
export function controllerOf(object: KubeObject): string | undefined {
  const meta = metaOf(object);
  const owners = meta.ownerReferences.filter(isRecord).map((owner) => text(owner.apiVersion));
  const managers = records(record(object.metadata).managedFields).map((field) => text(field.manager));
  const marks = Object.keys(meta.annotations);
  if (owners.some((api) => api.startsWith('flagger.app/')) || managers.includes('flagger')) return 'Flagger';
  if (owners.some((api) => api.startsWith('argoproj.io/')) || managers.some((manager) => ROLLOUTS.has(manager))) return 'Argo Rollouts';
  return marks.some((key) => key.startsWith('argo-rollouts.argoproj.io/')) ? 'Argo Rollouts' : undefined;
}

const ROLLOUTS = new Set(['rollouts-controller', 'argo-rollouts']);

function refuseNames(object: KubeObject): readonly Refusal[] {
  const http = httpOf(object);
  const names = http.map((rule) => rule.name);
  return http.flatMap((rule, index) => {
    if (isForeignReservedName(rule.name)) {
      return refuse(
        'name-taken',
        `${describeRule(object, rule, index)}: names that begin with heddle/ are kept for rules of heddle's own`,
        'give that rule another name',
      ).refused;
    }
    const repeated = typeof rule.name === 'string' && rule.name.startsWith('heddle/') && names.indexOf(rule.name) < index;
    if (!repeated) return [];
    return refuse(
      'name-taken',
      `${describeRule(object, rule, index)}: the name is there twice, so one of the two is not ours`,
      'remove the copy',
    ).refused;
  });
}

/** A rule with the owner's name that sends elsewhere was written by somebody else, or was ours and has been edited (case 3). */
function refuseStrange(object: KubeObject, owner: Owner, to: Destinations): readonly Refusal[] {
  const namespace = metaOf(object).namespace ?? '';
  return httpOf(object).flatMap((rule, index) => {
    if (!isOf(rule, owner)) return [];
    const hosts = records(rule.route).map(({ destination }) => completeHost(record(destination).host, namespace, to.env) ?? '');
    if (mayBeOurs(hosts, owner, to)) return [];
    const named = [...new Set(to.hosts.length === 0 ? [to.base] : to.hosts)];
    return refuse(
      'name-taken',
      `${describeRule(object, rule, index)} has the name of a rule of ours but does not send to ${named.join(' or ')}, so it is not ours`,
      'give that rule another name, or remove it',
    ).refused;
  });
}

/**
 * A session's rules send to its shadow. A standing route's send to versions, others perhaps than now (`cart-v1` beside `cart`, as core
 * finds them); or, where they change no destination, to whatever the rule did that they are copies of: to the service among others.
 */
function mayBeOurs(leads: readonly string[], owner: Owner, { hosts, base }: Destinations): boolean {
  const [name, ...rest] = base.split('.');
  const isVersion = (host: string) => host.startsWith(`${name}-`) && host.endsWith(`.${rest.join('.')}`);
  const isNamed = (host: string) => hosts.includes(host);
  if (owner.kind === 'session') return leads.length > 0 && leads.every(isNamed);
  return leads.includes(base) || (leads.length > 0 && leads.every((host) => isNamed(host) || isVersion(host)));
}

/** Tools that put an object back to what a repository says. */
export function gitOpsNotes(object: KubeObject): readonly Note[] {
  const { labels, annotations } = metaOf(object);
  const ref = refOf(object);
  const has = (prefix: string) => [...Object.keys(labels), ...Object.keys(annotations)].some((key) => key.startsWith(prefix));
  const tool = has('argocd.argoproj.io/')
    ? 'Argo CD'
    : has('kustomize.toolkit.fluxcd.io/') || has('helm.toolkit.fluxcd.io/')
      ? 'Flux'
      : labels['app.kubernetes.io/managed-by'] === 'Helm'
        ? 'Helm'
        : undefined;
  if (tool === undefined) return [];
  const message = `VirtualService ${ref.namespace ?? ''}/${ref.name} is kept by ${tool}, which may take rules out again when it syncs`;
  return [{ code: 'gitops', message, ref }];
}
