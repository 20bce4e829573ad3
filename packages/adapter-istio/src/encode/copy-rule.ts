import { isRecord, type MeshEnvironment } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { completeHost } from './hosts.js';
import { sameStringMatch } from './string-match.js';

/** Ours, or not for a session: a mirror or fault of the base is not meant for a laptop (principle 4). */
const NOT_COPIED = ['name', 'match', 'route', 'mirror', 'mirrors', 'mirrorPercentage', 'mirrorPercent', 'mirror_percent', 'fault'];

export interface ShadowDestination {
  readonly host: string;
  readonly port: number;
}

/** Weights are written though one destination gets all: webhooks up to Istio 1.14 want a sum of 100. */
const routeTo = ({ host, port }: ShadowDestination): Raw => ({ destination: { host, port: { number: port } }, weight: 100 });

/** A rule of ours that copies no foreign one: for requests that none matches. */
export const plainRule = (matches: readonly Raw[], to: ShadowDestination): Raw => ({ match: matches, route: [routeTo(to)] });

function without(record: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** A foreign rule for fewer requests and with another destination; rewrite, timeout, retries, CORS and unknown fields stay. */
export function copyRule(foreign: Raw, matches: readonly Raw[], to: ShadowDestination, headers: Raw | undefined): Raw {
  const route = [{ ...routeTo(to), ...(headers === undefined ? {} : { headers }) }];
  return { match: matches, route, ...without(foreign, NOT_COPIED) };
}

/** The header changes that every destination of the service has in common; `differ` when they are told apart by them. */
export function destinationHeaders(foreign: Raw, host: string, namespace: string, env: MeshEnvironment): Raw | undefined | 'differ' {
  const [first, ...others] = records(foreign.route)
    .filter(({ destination }) => isRecord(destination) && completeHost(destination.host, namespace, env) === host)
    .map(({ headers }) => (isRecord(headers) ? headers : undefined));
  return others.every((headers) => sameStringMatch(headers, first)) ? first : 'differ';
}
