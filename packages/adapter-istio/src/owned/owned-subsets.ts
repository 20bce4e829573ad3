import { contentHash, type KubeObject, MANAGED_BY, metaOf, type OwnedRule, refOf } from '@heddle/core';
import { record, text } from '../decode/raw.js';
import { sessionOfSubset } from './subset-name.js';

/** The same for everybody, so that two who create it collide and look again. */
export const ownDestinationRuleName = (service: string): string => `heddle-${service}`;

/** A DestinationRule that heddle made for the subsets of sessions, of one service, in the service's namespace. */
export function isOwnDestinationRule(object: KubeObject): boolean {
  const { name, labels } = metaOf(object);
  return object.kind === 'DestinationRule' && name.startsWith('heddle-') && labels[MANAGED_BY] === 'heddle';
}

export function ownedSubsets(object: KubeObject): readonly OwnedRule[] {
  if (!isOwnDestinationRule(object)) return [];
  const { namespace = '' } = metaOf(object);
  const { subsets, host } = record(object.spec);
  const [name] = text(host).split('.');
  return (Array.isArray(subsets) ? subsets : []).flatMap((subset: unknown, index) => {
    const id = sessionOfSubset(record(subset).name);
    if (id === undefined) return [];
    const service = name === undefined || name === '' ? {} : { service: { namespace, name } };
    return [
      {
        owner: { kind: 'session', namespace, id } as const,
        ...service,
        ref: refOf(object),
        pointer: `/spec/subsets/${index}`,
        hash: contentHash(subset),
      },
    ];
  });
}
