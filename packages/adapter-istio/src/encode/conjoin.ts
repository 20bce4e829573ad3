import { ok, type Result } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { type ForeignRule, intersect } from './intersect.js';
import { type Restriction, restrict } from './restrict.js';
import type { Site } from './site.js';
import { gatewaysOf } from './virtual-service.js';
import type { Wanted } from './wanted.js';

/** Each match with each condition ANDed into it and the filters added; without those that no request can satisfy. */
export function conjoin(matches: readonly Raw[], filter: Restriction, want: Wanted, site: Site, rule: ForeignRule): Result<readonly Raw[]> {
  const conjoined: Raw[] = [];
  for (const match of matches) {
    const restricted = restrict(match, filter, gatewaysOf(site.object), rule.where);
    if (restricted === 'never') continue;
    if ('refused' in restricted) return restricted;
    for (const condition of want.conditions) {
      const met = intersect(restricted.match, condition, rule);
      if (met === 'never') continue;
      if ('refused' in met) return met;
      conjoined.push(met.match);
    }
  }
  return ok(conjoined);
}
