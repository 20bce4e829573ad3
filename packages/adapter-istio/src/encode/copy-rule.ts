import type { Raw } from '../decode/raw.js';
import { written } from './destination.js';
import { MIRROR_FIELDS, writtenMirror } from './mirror.js';
import type { Wanted, WantedDestination } from './wanted.js';

/** Weights are written though one destination gets all: webhooks up to Istio 1.14 want a sum of 100. */
function routeTo(to: readonly WantedDestination[], port: number, headers?: Raw): readonly Raw[] {
  return to.map((one) => ({
    destination: written(one, port),
    weight: one.weight,
    ...(headers === undefined ? {} : { headers }),
  }));
}

/** A rule of ours that copies no foreign one: for requests that none matches. */
export const plainRule = (matches: readonly Raw[], to: readonly WantedDestination[], port: number): Raw => ({
  match: matches,
  route: routeTo(to, port),
});

/**
 * A foreign rule for fewer requests (`undefined`: for all that it has), with what is wanted in place of what it has there. Everything
 * else stays, unknown fields too; but its mirror and its fault are not meant for a laptop (principle 4).
 */
export function copyRule(foreign: Raw, matches: readonly Raw[] | undefined, want: Wanted, port: number, headers: Raw | undefined): Raw {
  const { to, mirror, fault } = want;
  const isSession = want.kind === 'session';
  const replaced = new Set<string>([
    ...['name', 'match'],
    ...(to === undefined ? [] : ['route']),
    ...(mirror !== undefined || isSession ? MIRROR_FIELDS : []),
    ...(fault !== undefined || isSession ? ['fault'] : []),
  ]);
  return {
    ...(matches === undefined ? {} : { match: matches }),
    ...(to === undefined ? {} : { route: routeTo(to, port, headers) }),
    ...Object.fromEntries(Object.entries(foreign).filter(([key]) => !replaced.has(key))),
    ...(mirror === undefined ? {} : writtenMirror(mirror, port)),
    ...(fault === undefined ? {} : { fault }),
  };
}
