import {
  type Change,
  contentHash,
  type KubeObject,
  MANAGED_BY,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  type Owner,
  ok,
  ownerKey,
  type Result,
  refOf,
  sameOwner,
} from '@heddle/core';
import { type Raw, records, texts } from '../decode/raw.js';
import { isOwnDestinationRule, type OwnSubset, ownDestinationRuleName, serviceOfOwn } from '../owned/owned-subsets.js';
import { ownerOfSubset, subsetName, versionSubsetName } from '../owned/subset-name.js';
import type { BaseService } from './base-service.js';
import { isFor, refuseSubsets } from './subset-guards.js';
import { GROUP, specOf } from './virtual-service.js';

const KIND = 'DestinationRule';

/** The shadow's for a session, the version's for standing routes. `undefined`: there is no name for it. */
export function ownSubsetName(owner: Owner, version: string): string | undefined {
  return owner.kind === 'session' ? subsetName(owner.id) : versionSubsetName(owner, version);
}

/** Those that a change needs. */
export function ownSubsetsOf({ owner, versions }: Change): readonly OwnSubset[] {
  return versions.flatMap((version) => {
    if (version.realise !== 'subset' || version.ref !== undefined) return [];
    const name = ownSubsetName(owner, version.id);
    return name === undefined ? [] : [{ name, labels: version.labels }];
  });
}

/**
 * A DestinationRule of our own with the owner's subsets, beside that of the service's owner: for the same host, in the same namespace and
 * with the very same `exportTo`, so that Istio takes the two for one; and without a traffic policy, so that the owner's holds
 * (istio `pilot/pkg/model/destination_rule.go`, mergeDestinationRule, 1.31). Subsets that the owner needs no more go after the rules.
 */
export function writeSubsets(
  { owner, subsets }: { readonly owner: Owner; readonly subsets: readonly OwnSubset[] },
  service: BaseService,
  destinationRules: readonly KubeObject[],
  env: MeshEnvironment,
): Result<readonly ObjectEdit[]> {
  const name = ownDestinationRuleName(service.name);
  const existing = destinationRules.find((object) => metaOf(object).name === name && metaOf(object).namespace === service.namespace);
  const theirs = destinationRules.filter((object) => !isOwnDestinationRule(object));
  const users = theirs.filter((object) => specOf(object).workloadSelector === undefined);
  const forSome = theirs.filter((object) => !users.includes(object));
  const refused = refuseSubsets({ owner, subsets, existing, users, forSome }, service, env);
  if (refused.length > 0) return { refused };
  const others = subsetsOf(existing).filter((one) => subsets.every((subset) => subset.name !== one.name));
  const exportTo = sharedExportTo(users, service, env);
  const specWith = (all: readonly Raw[]): Raw => ({
    host: service.exposed.host,
    ...(exportTo === undefined ? {} : { exportTo }),
    subsets: all.toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
  });
  const wanted = subsets.map((subset) => ({ ...subset }));
  const what = owner.kind === 'session' ? 'subset of the shadow among' : `${subsets.length === 1 ? 'subset' : 'subsets'} of`;
  const why = `${what} the pods of ${service.namespace}/${service.name}`;
  if (existing === undefined) {
    const body = {
      apiVersion: env.served[KIND] ?? `${GROUP}/v1`,
      kind: KIND,
      metadata: { name, namespace: service.namespace, labels: { [MANAGED_BY]: 'heddle' } },
      spec: specWith(wanted),
    };
    return ok([{ ref: refOf(body), stage: 'add', op: 'create', body, why }]);
  }
  const kept = others.filter((one) => !isSubsetOf(owner, existing)(one));
  const added = specWith([...others, ...wanted]);
  const left = specWith([...kept, ...wanted]);
  return ok([
    ...replaced(existing, added, 'add', why, env),
    ...(kept.length === others.length ? [] : replaced(existing, left, 'remove', `removes subsets of ${ownerKey(owner)}`, env)),
  ]);
}

/** Takes an owner's subsets out again, after the rules that send to them; the object goes with the last one. */
export function removeSubsets({ owner }: Change, destinationRules: readonly KubeObject[], env: MeshEnvironment): readonly ObjectEdit[] {
  const own = destinationRules.filter((object) => isOwnDestinationRule(object) && metaOf(object).namespace === owner.namespace);
  return own.flatMap((object): readonly ObjectEdit[] => {
    const isTheirs = isSubsetOf(owner, object);
    const left = subsetsOf(object).filter((one) => !isTheirs(one));
    if (left.length === subsetsOf(object).length) return [];
    const why = `removes the ${owner.kind === 'session' ? `subset of session ${owner.id}` : `subsets of ${ownerKey(owner)}`}`;
    if (left.length > 0) return replaced(object, { ...specOf(object), subsets: left }, 'remove', why, env);
    const { uid = '', resourceVersion = '' } = metaOf(object);
    return [{ ref: writtenRef(object, env), stage: 'remove', op: 'delete', uid, resourceVersion, why }];
  });
}

const isSubsetOf =
  (owner: Owner, object: KubeObject) =>
  ({ name }: Raw): boolean => {
    const found = ownerOfSubset(name, serviceOfOwn(object));
    return found !== undefined && sameOwner(found, owner);
  };

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

/** As the user's DestinationRule has it, word for word; where there is none, whatever lets all callers see ours. */
function sharedExportTo(users: readonly KubeObject[], service: BaseService, env: MeshEnvironment): readonly string[] | undefined {
  const theirs = users.find((object) => isFor(object, service, env));
  if (theirs !== undefined) return Array.isArray(specOf(theirs).exportTo) ? texts(specOf(theirs).exportTo) : undefined;
  const setting = env.settings.defaultDestinationRuleExportTo ?? '';
  return setting === '' || setting === '*' ? undefined : ['*'];
}
