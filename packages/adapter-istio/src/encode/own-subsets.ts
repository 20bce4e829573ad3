import {
  type Change,
  contentHash,
  describeRef,
  isRecord,
  type KubeObject,
  type Labels,
  MANAGED_BY,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  ok,
  type Refusal,
  type Result,
  refOf,
  refuse,
} from '@heddle/core';
import { hostsMatch } from '../decode/hosts.js';
import { type Raw, records, texts } from '../decode/raw.js';
import { isOwnDestinationRule, ownDestinationRuleName } from '../owned/owned-subsets.js';
import { sessionOfSubset, subsetName } from '../owned/subset-name.js';
import type { BaseService } from './base-service.js';
import { completeHost } from './hosts.js';
import { GROUP, specOf } from './virtual-service.js';

const KIND = 'DestinationRule';

/** The subset that a session's rules send to though no user's DestinationRule has it: labels of the shadow, which is one of the service's pods. */
export interface OwnSubset {
  readonly name: string;
  readonly labels: Labels;
}

export function ownSubsetOf({ owner, versions }: Change): OwnSubset | undefined {
  const [version] = owner.kind === 'session' ? versions : [];
  if (version === undefined || version.realise !== 'subset' || version.ref !== undefined) return undefined;
  return { name: subsetName(owner.id), labels: version.labels };
}

/**
 * A DestinationRule of our own with the session's subset, beside that of the service's owner: for the same host, in the same namespace and
 * with the very same `exportTo`, so that Istio takes the two for one; and without a traffic policy, so that the owner's holds
 * (istio `pilot/pkg/model/destination_rule.go`, mergeDestinationRule, 1.31).
 */
export function addSubset(
  subset: OwnSubset,
  service: BaseService,
  destinationRules: readonly KubeObject[],
  env: MeshEnvironment,
): Result<readonly ObjectEdit[]> {
  const name = ownDestinationRuleName(service.name);
  const existing = destinationRules.find((object) => metaOf(object).name === name && metaOf(object).namespace === service.namespace);
  const users = destinationRules.filter((object) => !isOwnDestinationRule(object) && specOf(object).workloadSelector === undefined);
  const refused = [
    ...refuseTaken(existing),
    ...refuseHiding(users, service, env),
    ...users.filter((object) => isFor(object, service, env)).flatMap((object) => refuseDuplicate(object, subset)),
  ];
  if (refused.length > 0) return { refused };
  const others = subsetsOf(existing).filter((one) => one.name !== subset.name);
  const exportTo = sharedExportTo(users, service, env);
  const spec = {
    host: service.exposed.host,
    ...(exportTo === undefined ? {} : { exportTo }),
    subsets: [...others, { ...subset }].sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
  };
  const why = `subset of the shadow among the pods of ${service.namespace}/${service.name}`;
  if (existing === undefined) {
    const body = {
      apiVersion: env.served[KIND] ?? `${GROUP}/v1`,
      kind: KIND,
      metadata: { name, namespace: service.namespace, labels: { [MANAGED_BY]: 'heddle' } },
      spec,
    };
    return ok([{ ref: refOf(body), stage: 'add', op: 'create', body, why }]);
  }
  return ok(replaced(existing, spec, 'add', why, env));
}

/** Takes an owner's subset out again, after the rules that send to it; the object goes with the last one. */
export function removeSubsets({ owner }: Change, destinationRules: readonly KubeObject[], env: MeshEnvironment): readonly ObjectEdit[] {
  if (owner.kind !== 'session') return [];
  const own = destinationRules.filter((object) => isOwnDestinationRule(object) && metaOf(object).namespace === owner.namespace);
  return own.flatMap((object): readonly ObjectEdit[] => {
    const left = subsetsOf(object).filter((one) => sessionOfSubset(one.name) !== owner.id);
    if (left.length === subsetsOf(object).length) return [];
    const why = `removes the subset of session ${owner.id}`;
    if (left.length > 0) return replaced(object, { ...specOf(object), subsets: left }, 'remove', why, env);
    const { uid = '', resourceVersion = '' } = metaOf(object);
    return [{ ref: writtenRef(object, env), stage: 'remove', op: 'delete', uid, resourceVersion, why }];
  });
}

const writtenRef = (object: KubeObject, env: MeshEnvironment) => ({
  ...refOf(object),
  apiVersion: env.served[KIND] ?? refOf(object).apiVersion,
});

function replaced(object: KubeObject, spec: Raw, stage: 'add' | 'remove', why: string, env: MeshEnvironment): readonly ObjectEdit[] {
  if (contentHash(spec) === contentHash(object.spec)) return [];
  const ref = writtenRef(object, env);
  const { uid = '', resourceVersion = '' } = metaOf(object);
  return [{ ref, stage, op: 'replace', body: { ...object, apiVersion: ref.apiVersion, spec }, uid, resourceVersion, why }];
}

const subsetsOf = (object: KubeObject | undefined): readonly Raw[] => (object === undefined ? [] : records(specOf(object).subsets));

const hostOf = (object: KubeObject, env: MeshEnvironment): string | undefined =>
  completeHost(specOf(object).host, metaOf(object).namespace ?? '', env);

const isFor = (object: KubeObject, { namespace, exposed }: BaseService, env: MeshEnvironment): boolean =>
  metaOf(object).namespace === namespace && hostOf(object, env) === exposed.host;

const exportSet = (object: KubeObject): string => JSON.stringify([...new Set(texts(specOf(object).exportTo))].sort());

/** As the user's DestinationRule has it, word for word; where there is none, whatever lets all callers see ours. */
function sharedExportTo(users: readonly KubeObject[], service: BaseService, env: MeshEnvironment): readonly string[] | undefined {
  const theirs = users.find((object) => isFor(object, service, env));
  if (theirs !== undefined) return Array.isArray(specOf(theirs).exportTo) ? texts(specOf(theirs).exportTo) : undefined;
  const setting = env.settings.defaultDestinationRuleExportTo ?? '';
  return setting === '' || setting === '*' ? undefined : ['*'];
}

function refuseTaken(existing: KubeObject | undefined): readonly Refusal[] {
  if (existing === undefined) return [];
  const ref = refOf(existing);
  if (metaOf(existing).deletionTimestamp !== undefined) {
    return refuse('being-deleted', `${describeRef(ref)} is being deleted`, 'wait until it is gone').refused;
  }
  if (isOwnDestinationRule(existing)) return [];
  return refuse('name-taken', `${describeRef(ref)} is not heddle's, yet has the name that heddle would use`, 'rename it').refused;
}

const WITH_SERVICE = 'give the shadow a Service of its own: --realise service';

/**
 * The first DestinationRule that a proxy finds counts alone: of the service's namespace before one of the root namespace, the host itself
 * before a wildcard. Ours must not be that one in place of somebody's (istio `pilot/pkg/model/push_context.go`, destinationRule, 1.31).
 */
function refuseHiding(users: readonly KubeObject[], service: BaseService, env: MeshEnvironment): readonly Refusal[] {
  const exact = users.filter((object) => isFor(object, service, env));
  if (new Set(exact.map(exportSet)).size > 1) {
    return refuse(
      'destination-rule-unequal',
      `The DestinationRules of ${service.namespace}/${service.name} (${exact.map((object) => metaOf(object).name).join(', ')}) are exported to different namespaces, so Istio does not take them for one, and a subset beside them would hide some`,
      `give them the same exportTo, or ${WITH_SERVICE}`,
    ).refused;
  }
  if (exact.length > 0) return [];
  const root = env.settings.rootNamespace ?? 'istio-system';
  const hidden = users.find((object) => {
    const host = hostOf(object, env);
    return (
      [service.namespace, root].includes(metaOf(object).namespace ?? '') && host !== undefined && hostsMatch(host, service.exposed.host)
    );
  });
  if (hidden === undefined) return [];
  const ref = refOf(hidden);
  return refuse(
    'destination-rule-hidden',
    `${describeRef(ref)} is for ${service.name} and others; one for ${service.name} alone, which the shadow's subset needs, would take its place`,
    `make a DestinationRule of its own for ${service.name} with that policy first, or ${WITH_SERVICE}`,
  ).refused.map((refusal) => ({ ...refusal, ref }));
}

function refuseDuplicate(object: KubeObject, { name }: OwnSubset): readonly Refusal[] {
  if (!records(specOf(object).subsets).some((one) => isRecord(one) && one.name === name)) return [];
  const ref = refOf(object);
  return refuse('name-taken', `${describeRef(ref)} has a subset ${name}, the name that heddle would use`, 'give that subset another name')
    .refused;
}
