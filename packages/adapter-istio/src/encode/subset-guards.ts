import {
  describeRef,
  isRecord,
  type KubeObject,
  type MeshEnvironment,
  metaOf,
  type Owner,
  type Refusal,
  refOf,
  refuse,
} from '@heddle/core';
import { hostsMatch } from '../decode/hosts.js';
import { records, texts } from '../decode/raw.js';
import { isOwnDestinationRule, type OwnSubset } from '../owned/owned-subsets.js';
import type { BaseService } from './base-service.js';
import { completeHost } from './hosts.js';
import { specOf } from './virtual-service.js';

/** What is known when subsets of ours are written. */
export interface SubsetFacts {
  readonly owner: Owner;
  readonly subsets: readonly OwnSubset[];
  /** The object that has the name of ours. */
  readonly existing: KubeObject | undefined;
  /** DestinationRules of others: for all callers, and for pods that a workloadSelector chooses. */
  readonly users: readonly KubeObject[];
  readonly forSome: readonly KubeObject[];
}

/** Why a DestinationRule of ours cannot stand beside those of others. */
export function refuseSubsets(facts: SubsetFacts, service: BaseService, env: MeshEnvironment): readonly Refusal[] {
  const { existing, users, subsets } = facts;
  return [
    ...refuseTaken(existing),
    ...refuseHiding(facts, service, env),
    ...users
      .filter((object) => isFor(object, service, env))
      .flatMap((object) => subsets.flatMap((subset) => refuseDuplicate(object, subset))),
  ];
}

const hostOf = (object: KubeObject, env: MeshEnvironment): string | undefined =>
  completeHost(specOf(object).host, metaOf(object).namespace ?? '', env);

/** Whether a DestinationRule is for the service itself, in the service's namespace. */
export const isFor = (object: KubeObject, { namespace, exposed }: BaseService, env: MeshEnvironment): boolean =>
  metaOf(object).namespace === namespace && hostOf(object, env) === exposed.host;

const exportSet = (object: KubeObject): string => JSON.stringify([...new Set(texts(specOf(object).exportTo))].sort());

function refuseTaken(existing: KubeObject | undefined): readonly Refusal[] {
  if (existing === undefined) return [];
  const ref = refOf(existing);
  if (metaOf(existing).deletionTimestamp !== undefined) {
    return refuse('being-deleted', `${describeRef(ref)} is being deleted`, 'wait until it is gone').refused;
  }
  if (isOwnDestinationRule(existing)) return [];
  return refuse('name-taken', `${describeRef(ref)} is not heddle's, yet has the name that heddle would use`, 'rename it').refused;
}

/** What does without a subset. */
const withService = (owner: Owner, { name }: BaseService): string =>
  owner.kind === 'session'
    ? 'give the shadow a Service of its own: --realise service'
    : `make a Service of its own for each version, such as ${name}-v1`;

/**
 * The first DestinationRule that a proxy finds counts alone: of the service's namespace before one of the root namespace, the host itself
 * before a wildcard. Ours must not be that one in place of somebody's (istio `pilot/pkg/model/push_context.go`, destinationRule, 1.31).
 */
function refuseHiding({ owner, users, forSome }: SubsetFacts, service: BaseService, env: MeshEnvironment): readonly Refusal[] {
  const exact = users.filter((object) => isFor(object, service, env));
  if (new Set(exact.map(exportSet)).size > 1) {
    return refuse(
      'destination-rule-unequal',
      `The DestinationRules of ${service.namespace}/${service.name} (${exact.map((object) => metaOf(object).name).join(', ')}) are exported to different namespaces, so Istio does not take them for one, and a subset beside them would hide some`,
      `give them the same exportTo, or ${withService(owner, service)}`,
    ).refused;
  }
  if (exact.length > 0) return [];
  const root = env.settings.rootNamespace ?? 'istio-system';
  const hidden = [...users, ...forSome].find((object) => {
    const host = hostOf(object, env);
    return (
      !isFor(object, service, env) &&
      [service.namespace, root].includes(metaOf(object).namespace ?? '') &&
      host !== undefined &&
      hostsMatch(host, service.exposed.host)
    );
  });
  if (hidden === undefined) return [];
  const ref = refOf(hidden);
  return refuse(
    'destination-rule-hidden',
    `${describeRef(ref)} is for ${service.name} and others; one for ${service.name} alone, which subsets of ours need, would take its place`,
    `make a DestinationRule of its own for ${service.name} with that policy first, or ${withService(owner, service)}`,
  ).refused.map((refusal) => ({ ...refusal, ref }));
}

function refuseDuplicate(object: KubeObject, { name }: OwnSubset): readonly Refusal[] {
  if (!records(specOf(object).subsets).some((one) => isRecord(one) && one.name === name)) return [];
  const ref = refOf(object);
  return refuse('name-taken', `${describeRef(ref)} has a subset ${name}, the name that heddle would use`, 'give that subset another name')
    .refused;
}
