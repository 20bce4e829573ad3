import type { Request } from '../model/match.js';
import { listed, type Slot, type Value } from './witness-values.js';

/** Where the witnesses of one table go: what the client dials and writes into the Host header. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
}

/** A value for each place of a request that matters; the others are plain: `GET / HTTP`, without headers. */
export type Choice = ReadonlyMap<string, Value>;

/** The plainest request that satisfies all slots, as far as they can be satisfied. */
export function firstHits(slots: readonly Slot[]): Choice {
  return new Map(slots.filter(({ hits }) => hits.length > 0).map(({ place, hits }) => [place, hits[0]]));
}

export const withValue = (choice: Choice, { place }: Slot, value: Value): Choice => new Map([...choice, [place, value]]);

export function requestOf(choice: Choice, address: Address): Request {
  const text = (place: string, otherwise: string) => listed(choice.get(place))[0] ?? otherwise;
  const headers: (readonly [string, string])[] = [];
  const query: string[] = [];
  for (const [place, value] of choice) {
    const space = place.indexOf(' ');
    const [kind, name] = space < 0 ? [place, ''] : [place.slice(0, space), place.slice(space + 1)];
    if (kind === 'header') headers.push(...listed(value).map((each) => [name, each] as const));
    if (kind === 'query') query.push(...listed(value).map((each) => `${name}=${each}`));
  }
  const path = text('path', '/');
  return {
    method: text('method', 'GET'),
    scheme: text('scheme', 'http') === 'https' ? 'https' : 'http',
    host: address.host,
    port: address.port,
    authority: text('authority', address.authority),
    path: query.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`,
    headers,
  };
}
