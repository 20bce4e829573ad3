import { describeMatches } from '../describe/describe-match.js';
import type { Refusal, ServiceRef } from '../model/change.js';
import { overlapping } from '../plan/overlap.js';
import type { RouteAction, RouteEntry, RouteSpec } from './entry.js';

const WORDS = { to: 'decides where they go', mirror: 'copies them', fault: 'delays or aborts them' } as const;

export function routeDimension(action: RouteAction): keyof typeof WORDS {
  if ('to' in action) return 'to';
  return 'mirror' in action ? 'mirror' : 'fault';
}

/**
 * Two entries that want the same of the same requests, or have one name: only one of them can count. A refusal `route-exists` for each
 * entry that is not as it was.
 */
export function entryRivals(
  { namespace, name: service }: Pick<ServiceRef, 'namespace' | 'name'>,
  was: readonly RouteEntry[],
  wanted: readonly RouteSpec[],
): readonly Refusal[] {
  return wanted.flatMap((one, index) => {
    const other = wanted.slice(0, index).find((earlier) => earlier.name === one.name || isRival(earlier, one));
    if (other === undefined) return [];
    const [fresh, there] = was.some(({ name }) => name === one.name) ? [other, one] : [one, other];
    if (fresh.name === there.name) {
      return [
        { code: 'route-exists', message: `Two standing routes of ${service} would be called ${fresh.name}`, instead: 'Give each a name' },
      ];
    }
    const owner = was.find(({ name }) => name === there.name)?.by;
    return [
      {
        code: 'route-exists',
        message: `The standing route ${there.name}${owner === undefined ? '' : ` of ${owner.user}@${owner.host}`} already ${WORDS[routeDimension(there)]} for ${describeMatches(there.match)}, so ${fresh.name} would never count`,
        instead: `Change that one with --name ${there.name}, or take it back first: heddle route clear ${service} --name ${there.name} -n ${namespace}`,
      },
    ];
  });
}

/** Whether two entries want the same of the same requests. */
export function isRival(a: RouteSpec, b: RouteSpec): boolean {
  return routeDimension(a) === routeDimension(b) && overlapping(a.match, b.match) === 'equal';
}
