import { collectResults, type Match, type NamedMatch, ok, type PathMatch, type Result, refuse, type Str } from '@heddle/core';
import { HEADER_NAME, METHODS } from '../../validate/values.js';
import { refuseRegex } from '../regex.js';
import { strictest } from '../strictest.js';

export interface PathCondition {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  readonly value: string;
}

export interface HeaderCondition {
  readonly type: 'Exact' | 'Prefix' | 'RegularExpression' | 'Present' | 'Absent';
  readonly name: string;
  readonly value?: string;
}

export interface QueryCondition {
  readonly type: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}

/** A declared match in a MeshHTTPRoute's words: all of it must hold. */
export interface Condition {
  readonly path?: PathCondition;
  readonly method?: string;
  readonly headers: readonly HeaderCondition[];
  readonly queryParams: readonly QueryCondition[];
}

/** What the CRD and Kuma's webhook take (kuma `meshhttproute/api/v1alpha1`, meshhttproute.go and validation.go, 2.14). */
export function conditionOf(match: Match): Result<Condition> {
  const path = pathCondition(match.path);
  const method = methodCondition(match.method);
  const headers = collectResults(strictest(match.headers ?? []).map(headerCondition));
  const query = collectResults((match.query ?? []).map(queryCondition));
  const other = match.scheme !== undefined ? 'scheme' : match.authority !== undefined ? 'authority' : undefined;
  const rest =
    other === undefined ? ok(undefined) : refuse(`match.${other}`, `${other}: a MeshHTTPRoute cannot look at it`, 'match on a header');
  if ('refused' in path || 'refused' in method || 'refused' in headers || 'refused' in query || 'refused' in rest) {
    return { refused: [path, method, headers, query, rest].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])) };
  }
  const twice = repeated(headers.ok) ?? repeated(query.ok);
  if (twice !== undefined)
    return refuse('match-not-combinable', `${twice.name}: Kuma takes one condition on a header or parameter`, 'say it in one condition');
  return ok({
    ...(path.ok === undefined ? {} : { path: path.ok }),
    ...(method.ok === undefined ? {} : { method: method.ok }),
    headers: headers.ok,
    queryParams: query.ok,
  });
}

function pathCondition(path: PathMatch | undefined): Result<PathCondition | undefined> {
  if (path === undefined) return ok(undefined);
  const { kind, value } = path;
  if (kind === 'regex') return refuseRegex(value, 'path') ?? ok({ type: 'RegularExpression', value });
  if (path.ignoreCase === true) return refuse('match.path.ignoreCase', 'path: it is compared in its letter case', 'match with (?i)…');
  if (!value.startsWith('/')) {
    return refuse('invalid-path', `path: ${JSON.stringify(value)} does not begin with a slash, so no request has it`);
  }
  if (kind === 'exact') return ok({ type: 'Exact', value });
  if (value === '/') return ok(undefined);
  if (kind === 'rawPrefix') {
    return refuse('match.path.rawPrefix', 'path: a MeshHTTPRoute knows prefixes of whole path segments only', 'match on whole segments');
  }
  // A slash at the end says nothing about whole segments, and the webhook refuses it.
  return ok({ type: 'PathPrefix', value: value.replace(/\/+$/, '') });
}

function methodCondition(method: Str | undefined): Result<string | undefined> {
  if (method === undefined || 'present' in method) return ok(undefined);
  if ('exact' in method && METHODS.includes(method.exact)) return ok(method.exact);
  return refuse('match.method', 'method: a MeshHTTPRoute can only ask for one of the standard methods', 'name the method');
}

function headerCondition({ name, is }: NamedMatch): Result<HeaderCondition> {
  if (name === 'host') return refuse('invalid-header', 'header host: Envoy knows it as the authority', 'match on another header');
  if (!HEADER_NAME.test(name)) {
    return refuse('invalid-header', `header ${JSON.stringify(name)}: expected a header name in lower case`);
  }
  if ('exact' in is) return ok({ type: 'Exact', name, value: is.exact });
  if ('present' in is) return ok({ type: 'Present', name });
  if ('absent' in is) return ok({ type: 'Absent', name });
  if ('prefix' in is) {
    return is.prefix === '' ? ok({ type: 'Present', name }) : ok({ type: 'Prefix', name, value: is.prefix });
  }
  if ('regex' in is) return refuseRegex(is.regex, `header ${name}`) ?? ok({ type: 'RegularExpression', name, value: is.regex });
  return refuse('match.header.not', `header ${name}: a MeshHTTPRoute cannot ask for what a header is not`, 'match the values wanted');
}

function queryCondition({ name, is }: NamedMatch): Result<QueryCondition> {
  if (name === '') return refuse('invalid-query', 'query: expected a parameter name, received none');
  if ('exact' in is) return ok({ type: 'Exact', name, value: is.exact });
  if ('regex' in is) return refuseRegex(is.regex, `query parameter ${name}`) ?? ok({ type: 'RegularExpression', name, value: is.regex });
  return refuse(
    'match.query',
    `query parameter ${name}: a MeshHTTPRoute can only ask for a value or a regular expression`,
    'match with a regular expression',
  );
}

const repeated = <T extends { readonly name: string }>(all: readonly T[]): T | undefined =>
  all.find(({ name }, index) => all.findIndex((other) => other.name === name) < index);
