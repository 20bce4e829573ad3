import type { HeaderChange, Match, NamedMatch, PathMatch, Str } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { SERVICE_TAG } from '../../decode/tags.js';
import { serviceTag } from '../../owned/ownership.js';
import type { Backend } from '../destinations.js';
import { type Effect, type Entry, isSent } from '../entry.js';
import { pathChange } from '../rewrites.js';

/** One item of `conf.http`. */
export function itemOf({ match, effect }: Entry): Raw {
  const modify = modifyOf(effect, match.path);
  return { match: matchOf(match, effect), ...(modify === undefined ? {} : { modify }), ...sharesOf(effect.to) };
}

/** Where requests go: one destination, or shares. */
export function sharesOf(to: Effect['to']): Raw {
  const backends = isSent(to) ? to : [];
  const [only] = backends;
  if (only !== undefined && backends.length === 1) return { destination: tagsOf(only) };
  return { split: backends.map((one) => ({ weight: one.weight, destination: tagsOf(one) })) };
}

const tagsOf = ({ service, port, tags }: Backend): Raw => ({ [SERVICE_TAG]: serviceTag({ ...service, port }), ...tags });

/** A prefix is only replaced where the match has one. */
function matchOf({ path, method, headers = [] }: Match, effect: Effect): Raw {
  const change = pathChange(effect);
  const asked = path === undefined && change !== undefined && 'prefix' in change ? { prefix: '/' } : path && pathOf(path);
  return {
    ...(method === undefined ? {} : { method: strOf(method) }),
    ...(asked === undefined ? {} : { path: asked }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(({ name, is }: NamedMatch) => [name, strOf(is)])) }),
  };
}

const pathOf = ({ kind, value }: PathMatch): Raw =>
  kind === 'exact' ? { exact: value } : kind === 'regex' ? { regex: value } : { prefix: value };

/** What is there has some value: there is no other way to ask for it. */
function strOf(is: Str): Raw {
  if ('exact' in is) return { exact: is.exact };
  if ('prefix' in is) return { prefix: is.prefix };
  return { regex: 'regex' in is ? is.regex : '.*' };
}

function modifyOf({ rewrite, headers }: Effect, path: PathMatch | undefined): Raw | undefined {
  const change = rewrite?.path;
  const [request, response] = [headersOf(headers?.request), headersOf(headers?.response)];
  const authority = rewrite?.authority;
  const host =
    authority === undefined
      ? {}
      : {
          host:
            typeof authority === 'string'
              ? { value: authority }
              : { fromPath: { pattern: authority.regex, substitution: authority.substitution } },
        };
  const modify: Raw = {
    ...(change === undefined ? {} : { path: pathModification(change, path) }),
    ...host,
    ...(request === undefined ? {} : { requestHeaders: request }),
    ...(response === undefined ? {} : { responseHeaders: response }),
  };
  return Object.keys(modify).length === 0 ? undefined : modify;
}

function pathModification(change: NonNullable<NonNullable<Effect['rewrite']>['path']>, path: PathMatch | undefined): Raw {
  if ('regex' in change) return { regex: { pattern: change.regex, substitution: change.substitution } };
  const whole = (text: string) => ({ regex: { pattern: '.*', substitution: text.replaceAll('\\', '\\\\') } });
  if ('full' in change) return whole(change.full);
  return path === undefined || path.kind === 'rawPrefix' ? { rewritePrefix: change.prefix } : whole(change.prefix);
}

/** `add` replaces what is there unless it says `append`. */
function headersOf(change: HeaderChange | undefined): Raw | undefined {
  if (change === undefined) return undefined;
  const pairs = (all: HeaderChange['set'], more: Raw) => Object.entries(all ?? {}).map(([name, value]) => ({ name, value, ...more }));
  const add = [...pairs(change.set, {}), ...pairs(change.add, { append: true })];
  const remove = (change.remove ?? []).map((name) => ({ name }));
  return { ...(add.length === 0 ? {} : { add }), ...(remove.length === 0 ? {} : { remove }) };
}
