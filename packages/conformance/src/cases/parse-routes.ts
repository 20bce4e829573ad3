import type { Match, RouteAction, RouteSpec } from '@heddle/core';
import type { ChangeSpec } from './change-spec.js';
import { type Defaults, MATCH_KEYS, matchOf, portsOf } from './parse-change.js';
import { bad, list, map, maybe, number, type Raw, text } from './shape.js';

/** All standing routes of a service: the id of their owner, and `entries` by name. */
export function routesSpec(value: unknown, path: string, defaults: Defaults): ChangeSpec {
  const raw = map(value, path, ['route', 'service', 'ports', 'entries']);
  const entries = Object.entries(map(raw.entries, `${path}.entries`));
  return standing(
    raw,
    path,
    defaults,
    entries.map(([name, entry]) => entryOf(name, entry, `${path}.entries.${name}`)),
  );
}

/** One that is for every request: the id of its owner, and `to`, the weight of each version. */
export function splitSpec(value: unknown, path: string, defaults: Defaults): ChangeSpec {
  const raw = map(value, path, ['route', 'service', 'ports', 'to']);
  return standing(raw, path, defaults, [{ name: 'split', match: [], to: sharesOf(raw.to, `${path}.to`) }]);
}

function standing(raw: Raw, path: string, { service, port }: Defaults, entries: readonly RouteSpec[]): ChangeSpec {
  return {
    owner: 'route',
    session: text(raw.route, `${path}.route`),
    remove: false,
    match: {},
    service: raw.service === undefined ? service : text(raw.service, `${path}.service`),
    ports: portsOf(raw, path, port),
    realise: 'service',
    entries,
  };
}

/** Conditions as a session has them, or `any`, a list of which one must hold; and just one of `to`, `mirror` and `fault`. */
function entryOf(name: string, value: unknown, path: string): RouteSpec {
  const raw = map(value, path, [...MATCH_KEYS, 'any', 'to', 'mirror', 'fault']);
  return { name, match: matchesOf(raw, path), ...actionOf(raw, path) };
}

function matchesOf(raw: Raw, path: string): readonly Match[] {
  if (raw.any !== undefined)
    return list(raw.any, `${path}.any`).map((one, index) =>
      matchOf(map(one, `${path}.any[${index}]`, MATCH_KEYS), `${path}.any[${index}]`),
    );
  return MATCH_KEYS.some((key) => raw[key] !== undefined) ? [matchOf(raw, path)] : [];
}

function actionOf(raw: Raw, path: string): RouteAction {
  const [kind, ...more] = ['to', 'mirror', 'fault'].filter((key) => raw[key] !== undefined);
  if (kind === undefined || more.length > 0) throw bad(path, 'just one of to, mirror, fault', Object.keys(raw));
  if (kind === 'to') return { to: sharesOf(raw.to, `${path}.to`) };
  if (kind === 'mirror') {
    const { to, percent } = map(raw.mirror, `${path}.mirror`, ['to', 'percent']);
    return { mirror: { version: text(to, `${path}.mirror.to`), percent: number(percent, `${path}.mirror.percent`) } };
  }
  const fault = map(raw.fault, `${path}.fault`, ['delay', 'abort']);
  const drawn =
    <K extends string>(member: K) =>
    (one: unknown, at: string) => {
      const { percent, [member]: size } = map(one, at, ['percent', member]);
      return { percent: number(percent, `${at}.percent`), [member]: number(size, `${at}.${member}`) } as { percent: number } & Record<
        K,
        number
      >;
    };
  return { fault: { ...maybe(fault, 'delay', drawn('ms'), `${path}.fault`), ...maybe(fault, 'abort', drawn('status'), `${path}.fault`) } };
}

/** A version, or the weight of each. */
function sharesOf(value: unknown, path: string): readonly { readonly version: string; readonly weight: number }[] {
  if (typeof value === 'string') return [{ version: value, weight: 100 }];
  return Object.entries(map(value, path)).map(([version, weight]) => ({ version, weight: number(weight, `${path}.${version}`) }));
}
