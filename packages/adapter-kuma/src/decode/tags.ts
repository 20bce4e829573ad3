import type { Labels } from '@heddle/core';
import type { Tags } from './world-types.js';

export const SERVICE_TAG = 'kuma.io/service';
export const NAMESPACE_TAG = 'k8s.kuma.io/namespace';
export const ZONE_TAG = 'kuma.io/zone';
export const PROTOCOL_TAG = 'kuma.io/protocol';
export const MESH_LABEL = 'kuma.io/mesh';
export const DISPLAY_NAME_LABEL = 'kuma.io/display-name';
export const ORIGIN_LABEL = 'kuma.io/origin';

/** In a selector: any value, as long as there is one. */
export const ANY = '*';

/** Whether a selector holds for tags (kuma `api/mesh/v1alpha1/dataplane_helpers.go`, `TagSelector.Matches`, 2.14). An empty one holds for all. */
export function tagsMatch(selector: Tags, tags: Tags): boolean {
  return Object.entries(selector).every(([key, value]) => tags[key] !== undefined && (value === ANY || tags[key] === value));
}

/** How specific a selector is (same file, `TagSelectorRank`). */
export interface Rank {
  readonly exact: number;
  readonly wildcard: number;
}

export function rankOf(selector: Tags): Rank {
  const values = Object.values(selector);
  const wildcard = values.filter((value) => value === ANY).length;
  return { exact: values.length - wildcard, wildcard };
}

export const combine = (a: Rank, b: Rank): Rank => ({ exact: a.exact + b.exact, wildcard: a.wildcard + b.wildcard });

/** More tags win; of as many, those with more exact values. */
export const compareRanks = (a: Rank, b: Rank): number => a.exact + a.wildcard - (b.exact + b.wildcard) || a.exact - b.exact;

/** The tags of a destination beside its service: what tells its version. */
export function versionTags(tags: Tags): Labels {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== SERVICE_TAG && key !== 'kuma.io/mesh'));
}

/** `app=web,version=v1`, in order of keys. */
export const describeTags = (tags: Tags): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
