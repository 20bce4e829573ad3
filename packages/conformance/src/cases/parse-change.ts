import { type Match, parseMatchFlags } from '@heddle/core';
import type { ChangeExpectation, ChangeSpec } from './change-spec.js';
import { list, map, maybe, number, oneOf, type Raw, text, texts } from './shape.js';

/** What a step may leave out. */
export interface Defaults {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

export const EXPECTED = ['refused', 'fails', 'mayFail', 'edits', 'notes', 'rounds'];

export function expectation(raw: Raw, path: string): ChangeExpectation {
  return {
    ...maybe(raw, 'refused', refusals, path),
    ...maybe(raw, 'fails', text, path),
    ...maybe(raw, 'mayFail', text, path),
    ...maybe(raw, 'edits', texts, path),
    ...maybe(raw, 'notes', texts, path),
    ...maybe(raw, 'rounds', number, path),
  };
}

const refusals = (value: unknown, path: string) => (value === 'any' ? value : texts(value, path));

export const MATCH_KEYS = ['match', 'header', 'path', 'method'];

export function changeSpec(value: unknown, path: string, { service, port }: Defaults): ChangeSpec {
  const raw = map(value, path, ['session', 'service', 'ports', 'realise', ...MATCH_KEYS]);
  return {
    owner: 'session',
    session: text(raw.session, `${path}.session`),
    remove: false,
    match: matchOf(raw, path),
    service: raw.service === undefined ? service : text(raw.service, `${path}.service`),
    ports: portsOf(raw, path, port),
    realise: raw.realise === undefined ? 'service' : realisation(raw.realise, `${path}.realise`),
    entries: [],
  };
}

/** Either in the words of the command line (`header: [x-dev=alice]`), or as core's `Match`, which can say more. */
export function matchOf(raw: Raw, path: string): Match {
  if (raw.match !== undefined)
    return map(raw.match, `${path}.match`, ['path', 'method', 'scheme', 'authority', 'headers', 'query']) as Match;
  return parseMatchFlags({
    ...(maybe(raw, 'header', texts, path).header === undefined ? {} : { headers: texts(raw.header, `${path}.header`) }),
    ...maybe(raw, 'path', text, path),
    ...maybe(raw, 'method', text, path),
  });
}

export const realisation = (value: unknown, path: string) => oneOf(value, ['service', 'subset', 'tag'] as const, path);

export function portsOf(raw: Raw, path: string, port: number): readonly number[] {
  return raw.ports === undefined ? [port] : list(raw.ports, `${path}.ports`).map((one) => number(one, `${path}.ports`));
}

/** A session's id, or with the service and ports where they are not the case's own. */
export function removalSpec(value: unknown, path: string, { service, port }: Defaults): ChangeSpec {
  const raw: Raw = typeof value === 'string' ? { session: value } : map(value, path, ['session', 'service', 'ports']);
  return {
    owner: 'session',
    session: text(raw.session, `${path}.session`),
    remove: true,
    match: {},
    service: raw.service === undefined ? service : text(raw.service, `${path}.service`),
    ports: portsOf(raw, path, port),
    realise: 'service',
    entries: [],
  };
}
