import { collectResults, isRecord, type Match, type NamedMatch, ok, type PathMatch, type Result, refuse, type Str } from '@heddle/core';
import { type Raw, record } from '../../decode/raw.js';
import { refuseRegex } from '../regex.js';
import { strictest } from '../strictest.js';

/** A TrafficRoute's StringMatcher (kuma `api/mesh/v1alpha1/traffic_route.proto`, 2.14). */
export type StringMatch = { readonly exact: string } | { readonly prefix: string } | { readonly regex: string };

/** A declared match in a TrafficRoute's words: all of it must hold. */
export interface Condition {
  readonly path?: StringMatch;
  readonly method?: StringMatch;
  readonly headers: Readonly<Record<string, StringMatch>>;
}

/** The match as one or two conditions, of which one must hold: a segment prefix is the path itself, or a raw prefix with a slash. */
export function conditionsOf(match: Match): Result<readonly Condition[]> {
  const paths = pathConditions(match.path);
  const method =
    match.method === undefined || 'present' in match.method ? ok(undefined) : stringMatch(match.method, 'method', 'match.method');
  const headers = collectResults(strictest(match.headers ?? []).map(headerCondition));
  const beyond =
    match.scheme !== undefined
      ? 'scheme'
      : match.authority !== undefined
        ? 'authority'
        : (match.query ?? []).length > 0
          ? 'query'
          : undefined;
  const rest =
    beyond === undefined ? ok(undefined) : refuse(`match.${beyond}`, `${beyond}: a TrafficRoute cannot look at it`, 'match on a header');
  if ('refused' in paths || 'refused' in method || 'refused' in headers || 'refused' in rest) {
    return { refused: [paths, method, headers, rest].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])) };
  }
  const names = headers.ok.map(([name]) => name);
  const [twice] = names.filter((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    return refuse('match-not-combinable', `header ${twice}: a TrafficRoute takes one condition on a header`, 'say it in one condition');
  return ok(
    paths.ok.map((path) => ({
      ...(path === undefined ? {} : { path }),
      ...(method.ok === undefined ? {} : { method: method.ok }),
      headers: Object.fromEntries(headers.ok),
    })),
  );
}

function pathConditions(path: PathMatch | undefined): Result<readonly (StringMatch | undefined)[]> {
  if (path === undefined) return ok([undefined]);
  const { kind, value } = path;
  if (kind === 'regex') return refuseRegex(value, 'path') ?? ok([{ regex: value }]);
  if (path.ignoreCase === true) return refuse('match.path.ignoreCase', 'path: it is compared in its letter case', 'match with (?i)…');
  if (!value.startsWith('/')) {
    return refuse('invalid-path', `path: ${JSON.stringify(value)} does not begin with a slash, so no request has it`);
  }
  if (kind === 'exact') return ok([{ exact: value }]);
  if (value === '/') return ok([undefined]);
  if (kind === 'rawPrefix') return ok([{ prefix: value }]);
  const base = value.replace(/\/+$/, '');
  return ok([{ exact: base }, { prefix: `${base}/` }]);
}

function headerCondition({ name, is }: NamedMatch): Result<readonly [string, StringMatch]> {
  if (name === 'host') return refuse('invalid-header', 'header host: Envoy knows it as the authority', 'match on another header');
  const plain = stringMatch(is, `header ${name}`, 'absent' in is ? 'match.header.absent' : 'match.header.not');
  return 'refused' in plain ? plain : ok([name, plain.ok]);
}

/** A header that is there has some value: there is no other way to ask for its presence. */
function stringMatch(is: Str, what: string, feature: string): Result<StringMatch> {
  if ('exact' in is) return ok({ exact: is.exact });
  if ('present' in is || ('prefix' in is && is.prefix === '')) return ok({ regex: '.*' });
  if ('prefix' in is) return ok({ prefix: is.prefix });
  if ('regex' in is) return refuseRegex(is.regex, what) ?? ok({ regex: is.regex });
  return refuse(feature, `${what}: a TrafficRoute can only ask for a value, a prefix or a regular expression`, 'name the values wanted');
}

export function stringMatchIn(raw: unknown): StringMatch | undefined {
  if (!isRecord(raw)) return undefined;
  const { exact, prefix, regex }: Raw = record(raw);
  if (typeof exact === 'string') return { exact };
  if (typeof prefix === 'string') return { prefix };
  return typeof regex === 'string' ? { regex } : undefined;
}
