import { describeMatches } from '../describe/describe-match.js';
import { overlapping } from '../plan/overlap.js';
import { describeEntry } from './describe-entry.js';
import type { RouteSpec } from './entry.js';
import { routeDimension } from './entry-rivals.js';
import type { RouteEdit } from './types.js';

/**
 * Puts a route in the place of the one with its name, or beside the others. `named`: its user chose the name, so the match may be another
 * one from now on; a name that was made of the match is refused where it means other requests (`route-exists`), and so is one of a route
 * that does something else.
 */
export function setEntry(spec: RouteSpec, { named }: { readonly named: boolean }): RouteEdit {
  return (entries) => {
    const there = entries.find(({ name }) => name === spec.name);
    const others = entries.filter((entry) => entry !== there);
    if (there === undefined) return [...others, spec];
    const otherMatch = !named && overlapping(there.match, spec.match) !== 'equal';
    if (otherMatch || routeDimension(there) !== routeDimension(spec)) {
      return {
        refused: [
          {
            code: 'route-exists',
            message: `The standing route ${there.name} of ${there.by.user}@${there.by.host} is another one: ${describeEntry(there)}`,
            instead: `Name yours for ${describeMatches(spec.match)} otherwise: --name NAME`,
          },
        ],
      };
    }
    return [...others, there.file === undefined ? spec : { ...spec, file: there.file }];
  };
}
