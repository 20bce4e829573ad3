import type { Expectation, ExpectedFaults, ExpectedMirror, ExpectedOutcome } from './expectation.js';
import type { RecordedAnswer, RecordedMirror, RecordedOutcome } from './recorded-answer.js';
import { at, items, mapping, maybe, number, oneOf, type Place, text, texts, word, words, wrong } from './shape.js';

const percent = number(0, 100);
const port = number(1, 65535, 'a whole number');
const status = number(100, 599, 'a whole number');
const reason = oneOf('NC', 'UH');

/** Keys that both forms have. */
const COMMON = ['status', 'outcomes', 'mirrors', 'faults', 'redirect', 'seen', 'protocol', 'body'];
const PLACE = ['host', 'port', 'subset', 'labels', 'pods'];

/** `expect`: every key may be absent, but it expects something. */
export function parseExpectation(place: Place): Expectation | undefined {
  const raw = mapping(place, COMMON);
  if (raw === undefined) return undefined;
  if (Object.keys(raw).length === 0) return wrong(place, `something to expect: ${COMMON.join(', ')}`);
  return {
    ...maybe(place, 'status', status),
    ...maybe(place, 'outcomes', (list) => items(list).flatMap((item) => expectedOutcome(item) ?? [])),
    ...maybe(place, 'mirrors', (list) => items(list).flatMap((item) => expectedMirror(item) ?? [])),
    ...maybe(place, 'faults', faults),
    ...maybe(place, 'redirect', redirect),
    ...maybe(place, 'seen', seen),
    ...maybe(place, 'protocol', oneOf('tcp', 'http')),
    ...maybe(place, 'body', anyText),
  };
}

function expectedOutcome(place: Place): ExpectedOutcome | undefined {
  if (mapping(place, ['probability', 'version', ...PLACE, 'status', 'reason'], 'an outcome') === undefined) return undefined;
  return {
    ...maybe(place, 'probability', number(0, 1)),
    ...maybe(place, 'host', text),
    ...destination(place),
    ...maybe(place, 'version', word),
    ...maybe(place, 'status', status),
    ...maybe(place, 'reason', reason),
  };
}

function expectedMirror(place: Place): ExpectedMirror | undefined {
  if (mapping(place, ['percent', 'version', ...PLACE], 'a mirror') === undefined) return undefined;
  return { ...maybe(place, 'host', text), ...destination(place), ...maybe(place, 'version', word), ...maybe(place, 'percent', percent) };
}

/** `observed`: an answer as it was recorded, so its outcomes are listed even when there are none. */
export function parseObserved(place: Place): RecordedAnswer | undefined {
  if (mapping(place, [...COMMON, 'route', 'envoy']) === undefined) return undefined;
  const outcomes = at(place, 'outcomes');
  if (outcomes.value === undefined) return wrong(outcomes, 'a list');
  return {
    ...maybe(place, 'status', status),
    outcomes: items(outcomes).flatMap((item) => recordedOutcome(item) ?? []),
    ...maybe(place, 'protocol', text),
    ...maybe(place, 'mirrors', (list) => items(list).flatMap((item) => recordedMirror(item) ?? [])),
    ...maybe(place, 'faults', faults),
    ...maybe(place, 'redirect', (one) => requireAll(one, redirect(one), 'code', 'location')),
    ...maybe(place, 'body', anyText),
    ...maybe(place, 'seen', (one) => requireAll(one, seen(one), 'path', 'authority')),
    ...maybe(place, 'route', text),
    ...maybe(place, 'envoy', text),
  };
}

function recordedOutcome(place: Place): RecordedOutcome | undefined {
  if (mapping(place, ['probability', ...PLACE, 'status', 'reason'], 'an outcome') === undefined) return undefined;
  const probability = number(0, 1)(at(place, 'probability'));
  const host = text(at(place, 'host'));
  if (probability === undefined || host === undefined) return undefined;
  return { probability, host, ...destination(place), ...maybe(place, 'status', status), ...maybe(place, 'reason', reason) };
}

function recordedMirror(place: Place): RecordedMirror | undefined {
  if (mapping(place, ['percent', ...PLACE, 'reason'], 'a mirror') === undefined) return undefined;
  const host = text(at(place, 'host'));
  const share = percent(at(place, 'percent'));
  return host === undefined || share === undefined ? undefined : { host, ...destination(place), percent: share };
}

const destination = (place: Place) => ({
  ...maybe(place, 'port', port),
  ...maybe(place, 'subset', word),
  ...maybe(place, 'labels', words),
  ...maybe(place, 'pods', texts),
});

function faults(place: Place): ExpectedFaults | undefined {
  if (mapping(place, ['delay', 'abort']) === undefined) return undefined;
  const part = (keys: readonly string[]) => (one: Place) => (mapping(one, ['percent', ...keys]) === undefined ? undefined : one);
  const delay = maybe(place, 'delay', part(['ms'])).delay;
  const abort = maybe(place, 'abort', part(['status'])).abort;
  return {
    ...(delay === undefined ? {} : { delay: { ...maybe(delay, 'percent', percent), ...maybe(delay, 'ms', number(0, 1e12)) } }),
    ...(abort === undefined
      ? {}
      : { abort: { ...maybe(abort, 'percent', percent), ...maybe(abort, 'status', number(0, 999, 'a whole number')) } }),
  };
}

function redirect(place: Place): { readonly code?: number; readonly location?: string } | undefined {
  if (mapping(place, ['code', 'location']) === undefined) return undefined;
  return { ...maybe(place, 'code', status), ...maybe(place, 'location', text) };
}

function seen(place: Place): { readonly path?: string; readonly authority?: string } | undefined {
  if (mapping(place, ['path', 'authority']) === undefined) return undefined;
  return { ...maybe(place, 'path', text), ...maybe(place, 'authority', text) };
}

const anyText = (place: Place): string | undefined => (typeof place.value === 'string' ? place.value : wrong(place, 'a text'));

function requireAll<T extends object>(place: Place, value: T | undefined, ...keys: readonly (keyof T & string)[]): Required<T> | undefined {
  const missing = value === undefined ? undefined : keys.find((key) => value[key] === undefined);
  if (missing !== undefined) return wrong(place, `the key ${missing}`);
  return value as Required<T> | undefined;
}
