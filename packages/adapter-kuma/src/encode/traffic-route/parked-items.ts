import { canonicalJson, type KubeObject, type Owner, sameOwner } from '@heddle/core';
import { type Raw, record, records } from '../../decode/raw.js';
import { isParkedFirst, PARKING_HEADER, parkingPlace } from '../park.js';
import type { Placed } from './items.js';
import { confOf, httpOf, placedItems } from './object.js';

/** An item for no request, with the destinations that it has. */
export const parkedItem = (item: Raw, owner: Owner, index: number): Raw => ({
  ...item,
  match: { path: { prefix: '/' }, headers: { [PARKING_HEADER]: { exact: parkingPlace(owner, index) } } },
});

const isParked = (item: Raw): boolean => PARKING_HEADER in record(record(item.match).headers);

/** The owner's items that have a destination which nothing in the object as it is to be sends to any more, parked. */
export function leavingItems(live: KubeObject, body: KubeObject, owner: Owner): readonly Placed[] {
  if (!isParkedFirst(owner)) return [];
  const kept = new Set([confOf(body), ...httpOf(body)].flatMap(destinationsIn));
  const leaving = placedItems(live).filter(
    ({ item, owner: whose }) => sameOwner(whose, owner) && !isParked(item) && destinationsIn(item).some((one) => !kept.has(one)),
  );
  return leaving.map((placed, index) => ({ ...placed, item: parkedItem(placed.item, owner, index) }));
}

function destinationsIn(part: unknown): readonly string[] {
  const { split, destination } = record(part);
  return [...records(split).map((share) => share.destination), destination].flatMap((to) => (to === undefined ? [] : [canonicalJson(to)]));
}
