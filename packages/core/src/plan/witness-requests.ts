import { describeMatch } from '../describe/describe-match.js';
import type { Regexes } from '../evaluate/re2.js';
import type { Match, Request } from '../model/match.js';
import { canonicalJson } from './content-hash.js';
import { matchHolds } from './decide.js';
import { type Choice, firstHits, requestOf, withValue } from './witness-choice.js';
import { type Aim, aimsOf, reach, type WitnessSource } from './witness-reach.js';
import { type Slot, slotsOf, type Value } from './witness-values.js';

interface Prepared {
  readonly slots: readonly Slot[];
  /** Satisfies the match as far as values were found; alone, and with each declared match on as well. */
  readonly bases: readonly Choice[];
}

const ANY_PATH: Slot = { place: 'path', hits: ['/', '/heddle-other/x?heddle=1'], misses: [] };

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

/** The conditions that no request could be found for, in words; those that several rules share once. */
export function unwitnessed(source: WitnessSource): readonly string[] {
  const matches = distinct([...source.declared, ...aimsOf(source).map(({ match }) => match)]);
  const conditions = matches.flatMap((match) => {
    const slots = slotsOf([match], source.regexes);
    const missing = slots.filter(({ hits }) => hits.length === 0).map(({ place }) => describeMatch(conditionsAt(match, place)));
    if (missing.length > 0) return missing;
    const view = source.view(requestOf(firstHits(slots), source.address));
    return matchHolds(match, view, source.regexes) ? [] : [describeMatch(match)];
  });
  return [...new Set(conditions)].map((condition) => `No request found that satisfies ${condition}`);
}

function conditionsAt(match: Match, place: string): Match {
  const [kind, name = ''] = place.split(/ (.*)/s);
  const named = (list: Match['headers']) => (list ?? []).filter((each) => each.name === name);
  if (kind === 'header') return { headers: named(match.headers) };
  if (kind === 'query') return { query: named(match.query) };
  return Object.fromEntries(Object.entries(match).filter(([key]) => key === kind));
}

function* choices(source: WitnessSource): Generator<Choice> {
  const { regexes } = source;
  const declared = distinct(source.declared);
  const wanted = declared.map((match) => prepare(match, [], regexes));
  yield new Map();
  for (const { bases } of wanted) yield* bases;
  const aimed: Prepared[] = [];
  for (const aim of aimsOf(source)) {
    const prepared = prepare(aim.match, declared, regexes);
    yield* prepared.bases;
    const reached = reaching(prepared, aim, declared, source);
    yield* reached.bases;
    aimed.push(reached);
  }
  for (const pair of source.meetings) {
    const slots = slotsOf(pair, regexes);
    if (slots.every(({ hits }) => hits.length > 0)) yield firstHits(slots);
  }
  for (const { slots, bases } of wanted) for (const slot of slots) yield* varied(bases, slot, [...slot.misses, ...slot.hits]);
  for (const { slots, bases } of aimed) for (const slot of slots) yield* varied(bases, slot, slot.misses.slice(0, 1));
  for (const { bases } of aimed) {
    for (const near of wanted.flatMap(({ slots }) => slots)) yield* varied(bases.slice(1), near, near.misses);
  }
  const most = Math.max(0, ...aimed.flatMap(({ slots }) => slots.map(({ hits, misses }) => Math.max(hits.length, misses.length))));
  for (let k = 1; k < most; k += 1) {
    for (const { slots, bases } of aimed) {
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
    return new Map([...firstHits(own), ...alone, ...both]);
  });
  return { slots, bases: [firstHits(own), ...crossed] };
}

/** With bases that no earlier rule takes, where there are any; each keeps what it is there to satisfy. */
function reaching({ slots, bases }: Prepared, aim: Aim, declared: readonly Match[], source: WitnessSource): Prepared {
  const kept = [[aim.match], ...declared.map((wanted) => [aim.match, wanted])];
  return { slots, bases: bases.map((base, index) => reach(base, aim, kept[index] ?? [], source) ?? base) };
}

function* varied(bases: readonly Choice[], slot: Slot, values: readonly Value[]): Generator<Choice> {
  for (const value of values) for (const base of bases) yield withValue(base, slot, value);
}

function distinct(matches: readonly Match[]): readonly Match[] {
  return [...new Map(matches.map((match) => [canonicalJson({ ...match, name: undefined }), match])).values()];
}
