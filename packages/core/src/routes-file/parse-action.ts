import { isUserError } from '../errors/user-error.js';
import { isRecord } from '../model/object.js';
import type { RouteAction } from '../routes/entry.js';
import { ABORT_STATUS, DURATION, durationMs, isAbortStatus, isPercent, PERCENT } from '../routes/fault-values.js';
import { parseShares, type Share } from '../routes/shares.js';
import { at, mapping, maybe, number, type Place, wrong } from '../routing-tests/shape.js';
import { quoted } from './parse-condition.js';

/** What a route does: exactly one of these keys. */
export const ACTION_KEYS = ['split', 'to', 'mirror', 'fault'] as const;
const ACTIONS =
  'one of split: {v1: 90, v2: 10}, to: v2, mirror: {to: v3, percent: 10}, fault: {delay: 7s, abort: 503, percent: 100}; write a route for each';

const percent = number(0, 100, 'a whole number');

/** What the route at a place does. `to: v2` is short for `split: {v2: 100}`. */
export function parseAction(place: Place): RouteAction | undefined {
  const raw = isRecord(place.value) ? place.value : {};
  const [key, ...more] = ACTION_KEYS.filter((one) => one in raw);
  if (key === undefined) return wrong(place, ACTIONS, 'none of them');
  if (more.length > 0) return wrong(place, ACTIONS, [key, ...more].join(' and '));
  const member = at(place, key);
  if (key === 'mirror') return mirrorOf(member);
  if (key === 'fault') return faultOf(member);
  const to = key === 'to' ? pinned(member) : sharesOf(member);
  return to === undefined ? undefined : { to };
}

const VERSION = 'the name of a version';

function pinned(place: Place): readonly Share[] | undefined {
  const version = quoted(place, VERSION, () => undefined);
  return version === undefined ? undefined : shares(place, [`${version}=100`]);
}

function sharesOf(place: Place): readonly Share[] | undefined {
  if (!isRecord(place.value)) return wrong(place, 'versions with their shares in percent: {v1: 90, v2: 10}');
  const versions = Object.keys(place.value);
  const texts = versions.flatMap((version) => {
    const weight = percent(at(place, version));
    return weight === undefined ? [] : [`${version}=${weight}`];
  });
  return texts.length < versions.length ? undefined : shares(place, texts);
}

/** By the rules of the command line. */
function shares(place: Place, texts: readonly string[]): readonly Share[] | undefined {
  try {
    return parseShares(texts);
  } catch (error) {
    if (!isUserError(error) || error.at === undefined) throw error;
    return wrong(place, error.at.expected, error.at.received);
  }
}

function mirrorOf(place: Place): RouteAction | undefined {
  if (mapping(place, ['to', 'percent'], 'a mirror: {to: VERSION, percent: 10}') === undefined) return undefined;
  const version = pinned(at(place, 'to'))?.[0]?.version;
  const percent = percentOf(place);
  return version === undefined || percent === undefined ? undefined : { mirror: { version, percent } };
}

function faultOf(place: Place): RouteAction | undefined {
  const raw = mapping(place, ['delay', 'abort', 'percent'], 'a fault: delay, abort or both, and percent');
  if (raw === undefined) return undefined;
  if (!('delay' in raw || 'abort' in raw)) return wrong(place, 'delay, abort or both');
  const { delay: ms } = maybe(place, 'delay', delayOf);
  const { abort: status } = maybe(place, 'abort', statusOf);
  const percent = percentOf(place);
  if (percent === undefined) return undefined;
  return {
    fault: {
      ...(ms === undefined ? {} : { delay: { percent, ms } }),
      ...(status === undefined ? {} : { abort: { percent, status } }),
    },
  };
}

/** Of `percent` beside other keys; absent: 100. */
function percentOf(place: Place): number | undefined {
  const member = at(place, 'percent');
  if (member.value === undefined) return 100;
  return typeof member.value === 'number' && isPercent(member.value) ? member.value : wrong(member, PERCENT);
}

const delayOf = (place: Place): number | undefined =>
  (typeof place.value === 'string' ? durationMs(place.value) : undefined) ?? wrong(place, DURATION);

const statusOf = (place: Place): number | undefined =>
  typeof place.value === 'number' && isAbortStatus(place.value) ? place.value : wrong(place, ABORT_STATUS);
