import { type Change, describeService, type KubeObject, metaOf, type ObjectEdit, ownerKey, refOf, sameOwner } from '@heddle/core';
import { ownerOfItem } from '../../owned/ownership.js';
import { editTo, httpOf, isCopy, isPristine, lostMarks, marksFor, placedItems, withItems } from './object.js';

/**
 * Takes an owner's items out of every TrafficRoute given. Never refuses: clean-up must work without the service, the record, or an
 * object that can be decoded. A copy of ours that holds no other owner's items goes too, unless somebody has changed it.
 */
export function removeItems(change: Change, objects: readonly KubeObject[]): readonly ObjectEdit[] {
  const why = `removes the rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
  return objects
    .filter((object) => placedItems(object).some(({ owner }) => sameOwner(owner, change.owner)) || isMarked(object, change))
    .flatMap((object) => {
      const kept = placedItems(object).filter(({ owner }) => !sameOwner(owner, change.owner));
      if (isCopy(object) && kept.length === 0 && isPristine(object)) return [deletion(object, why)];
      const isOthers = (_: unknown, index: number) => {
        const owner = ownerOfItem(object, index);
        return owner === undefined || !sameOwner(owner, change.owner);
      };
      return editTo(object, withItems(object, httpOf(object).filter(isOthers), marksFor(object, kept, change.owner)), why);
    });
}

/** A mark of the owner's without an item: somebody took that out. */
const isMarked = (object: KubeObject, change: Change): boolean =>
  [...lostMarks(object).values()].some((owner) => sameOwner(owner, change.owner));

function deletion(object: KubeObject, why: string): ObjectEdit {
  const { uid = '', resourceVersion = '' } = metaOf(object);
  return { ref: refOf(object), stage: 'rules', op: 'delete', uid, resourceVersion, why: `${why}: no rule is left in it` };
}
