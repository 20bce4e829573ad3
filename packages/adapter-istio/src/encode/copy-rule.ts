import { isRecord, type MeshEnvironment } from '@heddle/core';
import { type Raw, record, records } from '../decode/raw.js';
import { completeHost } from './hosts.js';
import { sameStringMatch } from './string-match.js';
import type { Wanted, WantedDestination } from './wanted.js';

/** What a copy has of its own. */
const OWN = ['name', 'match', 'route'];
/** A mirror or fault of the base is not meant for a laptop (principle 4). */
const NOT_FOR_SESSIONS = ['mirror', 'mirrors', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent', 'fault'];

/** Weights are written though one destination gets all: webhooks up to Istio 1.14 want a sum of 100. */
function routeTo(to: readonly WantedDestination[], port: number, headers?: Raw): readonly Raw[] {
  return to.map(({ host, subset, weight }) => ({
    destination: { host, ...(subset === undefined ? {} : { subset }), port: { number: port } },
    weight,
    ...(headers === undefined ? {} : { headers }),
  }));
}

/** A rule of ours that copies no foreign one: for requests that none matches. */
export const plainRule = (matches: readonly Raw[], want: Wanted, port: number): Raw => ({ match: matches, route: routeTo(want.to, port) });

function without(record: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/**
 * A foreign rule for fewer requests (`undefined`: for all that it has) and with other destinations. Rewrite, timeout, retries, CORS and
 * unknown fields stay; in a standing route's copy everything does.
 */
export function copyRule(foreign: Raw, matches: readonly Raw[] | undefined, want: Wanted, port: number, headers: Raw | undefined): Raw {
  const left = without(foreign, want.kind === 'session' ? [...OWN, ...NOT_FOR_SESSIONS] : OWN);
  return { ...(matches === undefined ? {} : { match: matches }), route: routeTo(want.to, port, headers), ...left };
}

/** The header changes that all destinations of a rule, or all that are a host, have in common; `differ` when they are told apart by them. */
export function destinationHeaders(
  foreign: Raw,
  host: string | 'any',
  namespace: string,
  env: MeshEnvironment,
): Raw | undefined | 'differ' {
  const [first, ...others] = records(foreign.route)
    .filter(({ destination }) => isRecord(destination) && (host === 'any' || completeHost(destination.host, namespace, env) === host))
    .map(({ headers }) => (isRecord(headers) ? headers : undefined));
  return others.every((headers) => sameStringMatch(headers, first)) ? first : 'differ';
}

/** Whether header changes give the request another authority, which is no plain header. */
export function setsAuthority(headers: Raw | undefined): boolean {
  const { set, add } = record(headers?.request);
  return [set, add].some((change) => Object.keys(record(change)).some((name) => [':authority', 'host'].includes(name.toLowerCase())));
}
