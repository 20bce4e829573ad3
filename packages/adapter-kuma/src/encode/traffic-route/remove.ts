import {
  type Change,
  contentHash,
  describeService,
  type KubeObject,
  metaOf,
  type ObjectEdit,
  type Owner,
  ownerKey,
  refOf,
  type Stage,
  sameOwner,
} from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { ownerOfItem } from '../../owned/ownership.js';
import { isParkedFirst, whyParked } from '../park.js';
import { editTo, httpOf, isCopy, isPristine, lostMarks, marksFor, placedItems, withItems } from './object.js';
import { parkedItem } from './parked-items.js';

/**
 * Takes an owner's items out of every TrafficRoute given. Never refuses: clean-up must work without the service, the record, or an
 * object that can be decoded. A copy of ours that holds no other owner's items goes too, unless somebody has changed it.
 */
export function removeItems(change: Change, objects: readonly KubeObject[]): readonly ObjectEdit[] {
  const why = `removes the rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
  return objects
    .filter((object) => placedItems(object).some(({ owner }) => sameOwner(owner, change.owner)) || isMarked(object, change))
    .flatMap((object) => {
      const parked = isParkedFirst(change.owner) ? park(object, change.owner) : [];
      const stage: Stage = parked.length > 0 ? 'remove' : 'rules';
      const kept = placedItems(object).filter(({ owner }) => !sameOwner(owner, change.owner));
      if (isCopy(object) && kept.length === 0 && isPristine(object)) return [...parked, { ...deletion(object, why), stage }];
      const isOthers = (_: unknown, index: number) => {
        const owner = ownerOfItem(object, index);
        return owner === undefined || !sameOwner(owner, change.owner);
      };
      const cleared = withItems(object, httpOf(object).filter(isOthers), marksFor(object, kept, change.owner));
      return [...parked, ...editTo(object, cleared, why).map((edit) => ({ ...edit, stage }))];
    });
}

/** The same destinations for no request; nothing where the owner's items are so already. */
function park(object: KubeObject, owner: Owner): readonly ObjectEdit[] {
  let index = 0;
  const parked = new Map<string, Raw>();
  for (const { item, owner: whose } of placedItems(object))
    if (sameOwner(whose, owner)) parked.set(contentHash(item), parkedItem(item, owner, index++));
  const placed = placedItems(object).map((one) => ({ ...one, item: parked.get(contentHash(one.item)) ?? one.item }));
  const items = httpOf(object).map((item) => parked.get(contentHash(item)) ?? item);
  return editTo(object, withItems(object, items, marksFor(object, placed, owner)), whyParked(owner));
}

/** A mark of the owner's without an item: somebody took that out. */
const isMarked = (object: KubeObject, change: Change): boolean =>
  [...lostMarks(object).values()].some((owner) => sameOwner(owner, change.owner));

function deletion(object: KubeObject, why: string): ObjectEdit {
  const { uid = '', resourceVersion = '' } = metaOf(object);
  return { ref: refOf(object), stage: 'rules', op: 'delete', uid, resourceVersion, why: `${why}: no rule is left in it` };
}
