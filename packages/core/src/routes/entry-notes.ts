import type { Note } from '../model/change.js';
import { overlapping } from '../plan/overlap.js';
import type { RouteEntry } from './entry.js';
import { routeDimension } from './entry-rivals.js';
import { sameSpec } from './stamp.js';

/**
 * What should be known of routes that want the same kind of thing for some requests in common, where one of them is new or changed: the
 * first by name counts for these. `entries`: by name.
 */
export function entryNotes(was: readonly RouteEntry[], entries: readonly RouteEntry[]): readonly Note[] {
  const isKept = (entry: RouteEntry) => was.some((before) => sameSpec(before, entry));
  const some = entries.filter(({ match }) => match.length > 0);
  return some.flatMap((second, index) =>
    some.slice(0, index).flatMap((first): readonly Note[] => {
      if (routeDimension(first) !== routeDimension(second) || (isKept(first) && isKept(second))) return [];
      const overlap = overlapping(first.match, second.match);
      if (overlap === 'disjoint' || overlap === 'contained') return [];
      return overlap === 'may-meet'
        ? [
            {
              code: 'may-meet',
              message: `A request can be for both ${first.name} and ${second.name}: ${first.name}, the first by name, counts`,
            },
          ]
        : [
            {
              code: 'route-hidden',
              message: `Every request of ${second.name} is one of ${first.name} too, which is the first by name, so ${second.name} does not count: give it a --name that comes before`,
            },
          ];
    }),
  );
}
