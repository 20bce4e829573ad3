import { compileRe2, type Match, type NamedMatch, type PathMatch, quoteMeta, type Str } from '@heddle/core';
import type { Routing as RoutesBy } from '../capabilities/capabilities.js';
import { HEADER_NAME, METHODS } from '../validate/values.js';
import { type Lost, lost } from './losses.js';
import { holds, oneEach } from './meet.js';

/** A match of conditions that the mesh can ask for. Requests that satisfy one of the holes are not meant: they are for later rules. */
export interface Plain {
  readonly match: Match;
  readonly holes: readonly Match[];
}

/** Conditions on one place; `never`: no request satisfies them. */
type Said<T> = T | 'never' | { readonly lost: Lost };

export interface PlainMatches {
  readonly plain: readonly Plain[];
  /** What of the match is not said. */
  readonly lost?: Lost;
}

/**
 * A match in conditions that MeshHTTPRoutes or TrafficRoutes have. Envoy knows the authority as the header `host`, and takes the scheme
 * from `x-forwarded-proto`; what must not be said of a request becomes a hole.
 */
export function plainMatches(match: Match, by: RoutesBy): PlainMatches {
  const scheme = schemeHeader(match.scheme);
  const paths = pathsOf(match.path);
  const methods = methodsOf(match.method, by);
  const authority = match.authority === undefined ? [] : [{ name: 'host', is: match.authority }];
  const headers = scheme === 'never' ? 'never' : namedOf([...(match.headers ?? []), ...authority, ...scheme], 'headers', by);
  const query = namedOf(match.query ?? [], 'query', by);
  if (paths === 'never' || methods === 'never' || headers === 'never' || query === 'never') return { plain: [] };
  if ('lost' in headers) return { plain: [], lost: headers.lost };
  if ('lost' in query) return { plain: [], lost: query.lost };
  const rest: Match = {
    ...(headers.are.length === 0 ? {} : { headers: headers.are }),
    ...(query.are.length === 0 ? {} : { query: query.are }),
  };
  const holes = [...methods.holes, ...headers.holes, ...query.holes];
  const plain = paths.flatMap((path) =>
    methods.are.map((method) => ({
      match: { ...(path === undefined ? {} : { path }), ...(method === undefined ? {} : { method }), ...rest },
      holes,
    })),
  );
  return { plain, ...(methods.lost === undefined ? {} : { lost: methods.lost }) };
}

/** As the proxy has it: what `x-forwarded-proto` says if that is a scheme, else http. */
function schemeHeader(scheme: Str | undefined): readonly NamedMatch[] | 'never' {
  if (scheme === undefined) return [];
  const https: Str = { regex: '(?i)https' };
  const [plain, secure] = ['http', 'https'].map((value) => holds(scheme, value));
  if (plain && secure) return [];
  if (!plain && !secure) return 'never';
  return [{ name: 'x-forwarded-proto', is: secure ? https : { not: https } }];
}

function pathsOf(path: PathMatch | undefined): readonly (PathMatch | undefined)[] | 'never' {
  if (path === undefined) return [undefined];
  const { kind, value, ignoreCase } = path;
  if (kind === 'regex') {
    if (value === '.*') return [undefined];
    return 'invalid' in compileRe2(value) ? 'never' : [path];
  }
  if (value === '' || (value === '/' && kind !== 'exact')) return [undefined];
  if (!value.startsWith('/')) return 'never';
  if (ignoreCase === true) return [{ kind: 'regex', value: `(?i)${written(path)}` }];
  return [path];
}

/** A path condition as a regular expression. */
export function written({ kind, value }: PathMatch): string {
  if (kind === 'regex') return value;
  const quoted = quoteMeta(kind === 'segmentPrefix' ? value.replace(/\/$/, '') : value);
  return kind === 'exact' ? quoted : `${quoted}${kind === 'rawPrefix' ? '.*' : '(/.*)?'}`;
}

interface Methods {
  readonly are: readonly (Str | undefined)[];
  readonly holes: readonly Match[];
  readonly lost?: Lost;
}

const EVERY_METHOD: Methods = { are: [undefined], holes: [] };

function methodsOf(method: Str | undefined, by: RoutesBy): Methods | 'never' {
  if (method === undefined) return EVERY_METHOD;
  if ('absent' in method) return 'never';
  if ('not' in method) {
    const not = methodsOf(method.not, by);
    if (not === 'never') return EVERY_METHOD;
    if (not.lost !== undefined) return { are: [], holes: [], lost: OTHER_METHODS };
    if (not.holes.length > 0 || not.are.includes(undefined)) return 'never';
    return { are: [undefined], holes: not.are.flatMap((is) => (is === undefined ? [] : [{ method: is }])) };
  }
  if ('present' in method || ('prefix' in method && method.prefix === '') || ('regex' in method && method.regex === '.*'))
    return EVERY_METHOD;
  if (by === 'TrafficRoute') return { are: [method], holes: [] };
  const listed = 'exact' in method ? [method.exact] : 'regex' in method ? alternatives(method.regex) : undefined;
  const known = METHODS.filter((one) => holds(method, one)).map((exact): Str => ({ exact }));
  return listed?.every((one) => METHODS.includes(one)) === true
    ? { are: known, holes: [] }
    : { are: known, holes: [], lost: OTHER_METHODS };
}

const OTHER_METHODS = lost(
  'match.method',
  'Requests with other methods than the standard ones are left to later rules: a MeshHTTPRoute cannot ask for them',
  'match on a header',
);

/** The values of a pattern that only lists some: `GET|POST`, `^(GET|POST)$`. */
function alternatives(regex: string): readonly string[] | undefined {
  const inner = regex.replace(/^\^?(?:\((?:\?:)?)?([A-Z|]+)\)?\$?$/, '$1');
  return /^[A-Z]+(\|[A-Z]+)*$/.test(inner) ? inner.split('|') : undefined;
}

interface Named {
  readonly are: readonly NamedMatch[];
  readonly holes: readonly Match[];
}

function namedOf(all: readonly NamedMatch[], where: 'headers' | 'query', by: RoutesBy): Said<Named> {
  const what = where === 'headers' ? 'header' : 'query';
  if (where === 'query' && by === 'TrafficRoute' && all.length > 0)
    return { lost: lost('match.query', 'A TrafficRoute cannot look at query parameters, so the rule is left out', 'match on a header') };
  const positive: NamedMatch[] = [];
  const holes: Match[] = [];
  for (const { name, is: raw } of all) {
    if (where === 'headers' && by === 'MeshHTTPRoute' && !HEADER_NAME.test(name))
      return { lost: lost('match.header', `A MeshHTTPRoute takes no header ${JSON.stringify(name)}, so the rule is left out`) };
    const is = normal(raw);
    if ('not' in is) {
      const hole = normal(is.not);
      if (holds(hole, '')) positive.push({ name, is: { present: true } });
      if (!('present' in hole)) holes.push({ [where]: [{ name, is: hole }] });
      else return 'never';
    } else if ('absent' in is && (where === 'query' || by === 'TrafficRoute')) {
      if (all.some((other) => other.name === name && needsValue(normal(other.is)))) return 'never';
      holes.push({ [where]: [{ name, is: { present: true } }] });
    } else positive.push({ name, is });
  }
  const are = oneEach(positive);
  if (are === 'never') return 'never';
  if (are === 'unsayable') {
    const message = `Kuma counts one condition on a ${what === 'query' ? 'parameter' : what}, and the rule has several that are not one`;
    return {
      lost: lost(
        `match.${what === 'query' ? what : 'header.regex'}`,
        `${message}, so it is left out`,
        'say them in one regular expression',
      ),
    };
  }
  return { are, holes };
}

const needsValue = (is: Str): boolean => !('absent' in is) && !('not' in is);

/** Without double negations; a prefix of nothing is presence. */
function normal(is: Str): Str {
  if ('prefix' in is && is.prefix === '') return { present: true };
  if (!('not' in is)) return is;
  const inner = normal(is.not);
  if ('not' in inner) return inner.not;
  if ('absent' in inner) return { present: true };
  return 'present' in inner && 'present' in is.not ? { absent: true } : { not: inner };
}
