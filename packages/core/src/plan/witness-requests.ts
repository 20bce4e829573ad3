import { describeMatch } from '../describe/describe-match.js';
import type { Regexes } from '../evaluate/re2.js';
import type { RequestView } from '../evaluate/request-view.js';
import type { Match, Request } from '../model/match.js';
import { canonicalJson } from './content-hash.js';
import { matchHolds } from './decide.js';
import { listed, type Slot, slotsOf, type Value } from './witness-values.js';

/** Where the witnesses of one table go: what the client dials and writes into the Host header. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
}

export interface WitnessSource {
  readonly address: Address;
  /** All matches of the tables before and after. */
  readonly matches: readonly Match[];
  /** Matches of rules that may take requests from one another: tried together, where something satisfies both. */
  readonly meetings: Iterable<readonly [Match, Match]>;
  /** What the change declares. */
  readonly declared: readonly Match[];
  readonly regexes: Regexes;
  view(request: Request): RequestView;
}

type Choice = ReadonlyMap<string, Value>;

interface Prepared {
  readonly match: Match;
  readonly slots: readonly Slot[];
  /** Satisfies the match as far as values were found; alone, and with each declared match on as well. */
  readonly bases: readonly Choice[];
}

/**
 * Requests that satisfy and just miss each condition, crossed with the declared match on and off; the most telling first, so that
 * a bound cuts the least. Each once, in an order that depends on the tables alone.
 */
export function* witnessRequests(source: WitnessSource): Generator<Request> {
  const sent = new Set<string>();
  for (const choice of choices(source)) {
    const request = requestOf(choice, source.address);
    const key = JSON.stringify([request.method, request.scheme, request.authority, request.path, request.headers]);
    if (sent.has(key)) continue;
    sent.add(key);
    yield request;
  }
}

/** The conditions that no request could be found for, in words. */
export function unwitnessed(source: WitnessSource): readonly string[] {
  return distinct([...source.declared, ...source.matches]).flatMap((match) => {
    const slots = slotsOf([match], source.regexes);
    const missing = slots.filter(({ hits }) => hits.length === 0).map(({ place }) => place);
    const view = source.view(requestOf(firstHits(slots), source.address));
    if (missing.length === 0 && matchHolds(match, view, source.regexes)) return [];
    return [`${describeMatch(match)}: no request found that satisfies it${missing.length === 0 ? '' : ` (${missing.join(', ')})`}`];
  });
}

function* choices(source: WitnessSource): Generator<Choice> {
  const { declared, regexes } = source;
  const wanted = distinct(declared).map((match) => prepare(match, [], regexes));
  const tables = distinct(source.matches).map((match) => prepare(match, declared, regexes));
  yield new Map();
  for (const { bases } of [...wanted, ...tables]) yield* bases;
  for (const pair of source.meetings) {
    const slots = slotsOf(pair, regexes);
    if (slots.every(({ hits }) => hits.length > 0)) yield firstHits(slots);
  }
  for (const { slots, bases } of wanted) for (const slot of slots) yield* varied(bases, slot, [...slot.misses, ...slot.hits]);
  for (const { slots, bases } of tables) for (const slot of slots) yield* varied(bases, slot, slot.misses.slice(0, 1));
  for (const { bases } of tables) {
    for (const near of wanted.flatMap(({ slots }) => slots)) yield* varied(bases.slice(1), near, near.misses);
  }
  const most = Math.max(0, ...tables.flatMap(({ slots }) => slots.map(({ hits, misses }) => Math.max(hits.length, misses.length))));
  for (let k = 1; k < most; k += 1) {
    for (const { slots, bases } of tables) {
      for (const slot of slots) yield* varied(bases, slot, [...slot.misses.slice(k, k + 1), ...slot.hits.slice(k, k + 1)]);
    }
  }
}

function prepare(match: Match, declared: readonly Match[], regexes: Regexes): Prepared {
  const own = slotsOf([match], regexes);
  const slots = own.some(({ place }) => place === 'path') ? own : [...own, ANY_PATH];
  const crossed = declared.map((wanted) => {
    // Where both look at one place and nothing satisfies both there, the declared match is the one to be on.
    const [both, alone] = [firstHits(slotsOf([match, wanted], regexes)), firstHits(slotsOf([wanted], regexes))];
    return new Map([...alone, ...firstHits(own), ...alone, ...both]);
  });
  return { match, slots, bases: [firstHits(own), ...crossed] };
}

const ANY_PATH: Slot = { place: 'path', hits: ['/', '/heddle-other/x?heddle=1'], misses: [] };

function firstHits(slots: readonly Slot[]): Choice {
  return new Map(slots.filter(({ hits }) => hits.length > 0).map(({ place, hits }) => [place, hits[0]]));
}

function* varied(bases: readonly Choice[], { place }: Slot, values: readonly Value[]): Generator<Choice> {
  for (const value of values) for (const base of bases) yield new Map([...base, [place, value]]);
}

export function requestOf(choice: Choice, address: Address): Request {
  const text = (place: string, otherwise: string) => listed(choice.get(place))[0] ?? otherwise;
  const headers: (readonly [string, string])[] = [];
  const query: string[] = [];
  for (const [place, value] of choice) {
    const [kind, name = ''] = place.split(/ (.*)/s);
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

export function distinct(matches: readonly Match[]): readonly Match[] {
  return [...new Map(matches.map((match) => [canonicalJson({ ...match, name: undefined }), match])).values()];
}
