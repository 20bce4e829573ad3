import { contentHash, type KubeObject, type Labels, MANAGED_BY, metaOf, type OwnedRule, refOf } from '@heddle/core';
import { record } from '../decode/raw.js';
import { ownerOfSubset } from './subset-name.js';

/** A subset that an owner's rules send to though no user's DestinationRule has it: pods of the service, by their labels. */
export interface OwnSubset {
  readonly name: string;
  readonly labels: Labels;
}

const PREFIX = 'heddle-';

/** The same for everybody, so that two who create it collide and look again. */
export const ownDestinationRuleName = (service: string): string => `${PREFIX}${service}`;

/** A DestinationRule that heddle made for subsets of one service, those of sessions and of standing routes, in the service's namespace. */
export function isOwnDestinationRule(object: KubeObject): boolean {
  const { name, labels } = metaOf(object);
  return object.kind === 'DestinationRule' && name.startsWith(PREFIX) && labels[MANAGED_BY] === 'heddle';
}

/** The service that an object of ours is for, which its name tells. */
export function serviceOfOwn(object: KubeObject): { readonly namespace: string; readonly name: string } {
  const { namespace = '', name } = metaOf(object);
  return { namespace, name: name.slice(PREFIX.length) };
}

export function ownedSubsets(object: KubeObject): readonly OwnedRule[] {
  if (!isOwnDestinationRule(object)) return [];
  const service = serviceOfOwn(object);
  const { subsets } = record(object.spec);
  return (Array.isArray(subsets) ? subsets : []).flatMap((subset: unknown, index) => {
    const owner = ownerOfSubset(record(subset).name, service);
    if (owner === undefined) return [];
    return [
      {
        owner,
        service,
        ref: refOf(object),
        pointer: `/spec/subsets/${index}`,
        hash: contentHash(subset),
      },
    ];
  });
}
