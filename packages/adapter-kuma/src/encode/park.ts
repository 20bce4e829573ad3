import { type Owner, ownerKey } from '@heddle/core';

/** A header that no request has: its value names a rule of heddle's. */
export const PARKING_HEADER = 'x-heddle-parked';

/**
 * Why a standing route's rules are parked before they go. When destinations leave together with the rules that name them, Kuma tells
 * proxies of the destinations first, and for some 100 ms a proxy answers everybody with 503, as its rules name clusters that it has
 * no more (seen with kuma 2.14.3, in both kinds of routes; up to ten in a hundred requests of that second). Rules that match nothing keep
 * the clusters while everybody moves on. Only a session's own requests would be concerned by its rules, and they lose their answer anyway.
 */
export const isParkedFirst = (owner: Owner): boolean => owner.kind === 'route';

/** Different for each rule: rules with equal matches would merge into one. */
export const parkingPlace = (owner: Owner, index: number): string => `${owner.namespace}/${owner.id}/${index}`;

export const whyParked = (owner: Owner): string => `lets no request go by the rules of ${ownerKey(owner)} any more`;
