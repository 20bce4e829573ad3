import {
  collectResults,
  type Match,
  type MeshEnvironment,
  type NamedMatch,
  ok,
  type PathMatch,
  type Result,
  refuse,
  type Str,
} from '@heddle/core';
import { missingHeaderIsEmpty } from '../capabilities/version.js';
import { quote, refuseRegex, type StringMatch, stringMatch } from './string-match.js';

export interface NamedStringMatch {
  readonly name: string;
  readonly is: StringMatch;
}

export interface PathCondition {
  readonly uri: StringMatch;
  readonly ignoreCase: boolean;
}

/** A declared match in Istio's words: all of it must hold. */
export interface Condition {
  readonly path?: PathCondition;
  readonly method?: StringMatch;
  readonly scheme?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers: readonly NamedStringMatch[];
  readonly withoutHeaders: readonly NamedStringMatch[];
  readonly queryParams: readonly NamedStringMatch[];
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** The match as one or two conditions, of which one must hold: a segment prefix is the path itself, or a raw prefix with a slash. */
export function conditionsOf(match: Match, env: MeshEnvironment): Result<readonly Condition[]> {
  const paths = pathConditions(match.path);
  const method = single('method', match.method);
  const scheme = single('scheme', match.scheme);
  const authority = single('authority', match.authority);
  const headers = collectResults((match.headers ?? []).map((header) => headerCondition(header, env)));
  const query = collectResults((match.query ?? []).map(queryCondition));
  if (
    'refused' in paths ||
    'refused' in method ||
    'refused' in scheme ||
    'refused' in authority ||
    'refused' in headers ||
    'refused' in query
  ) {
    return {
      refused: [paths, method, scheme, authority, headers, query].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])),
    };
  }
  const rest: Condition = {
    ...(method.ok === undefined ? {} : { method: method.ok }),
    ...(scheme.ok === undefined ? {} : { scheme: scheme.ok }),
    ...(authority.ok === undefined ? {} : { authority: authority.ok }),
    headers: headers.ok.flatMap((header) => ('has' in header ? [header.has] : [])),
    withoutHeaders: headers.ok.flatMap((header) => ('lacks' in header ? [header.lacks] : [])),
    queryParams: query.ok,
  };
  return ok(paths.ok.map((path) => (path === undefined ? rest : { ...rest, path })));
}

function pathConditions(path: PathMatch | undefined): Result<readonly (PathCondition | undefined)[]> {
  if (path === undefined) return ok([undefined]);
  if (path.kind === 'regex') {
    return refuseRegex(path.value, 'path') ?? ok([{ uri: { regex: path.value }, ignoreCase: false }]);
  }
  if (!path.value.startsWith('/')) {
    return refuse('invalid-path', `path: ${quote(path.value)} does not begin with a slash, so no request has it`, 'begin it with a slash');
  }
  const ignoreCase = path.ignoreCase === true;
  if (path.kind === 'exact') return ok([{ uri: { exact: path.value }, ignoreCase }]);
  if (path.kind === 'rawPrefix') return ok([path.value === '/' ? undefined : { uri: { prefix: path.value }, ignoreCase }]);
  // Istio's prefix is raw: /api would take /apiary too (mesh-semantics §1, case 33).
  const base = path.value.endsWith('/') ? path.value.slice(0, -1) : path.value;
  if (base === '') return ok([undefined]);
  return ok([
    { uri: { exact: base }, ignoreCase },
    { uri: { prefix: `${base}/` }, ignoreCase },
  ]);
}

function single(what: 'method' | 'scheme' | 'authority', is: Str | undefined): Result<StringMatch | undefined> {
  if (is === undefined || 'present' in is) return ok(undefined);
  if ('absent' in is || 'not' in is) {
    return refuse(
      `match.${what}`,
      `${what}: Istio can only ask for a value, a prefix or a regular expression here`,
      'name the values wanted',
    );
  }
  return stringMatch(is, what);
}

function headerCondition(
  { name, is }: NamedMatch,
  env: MeshEnvironment,
): Result<{ readonly has: NamedStringMatch } | { readonly lacks: NamedStringMatch }> {
  if (name === 'host') return refuse('invalid-header', 'header host: Envoy knows it as the authority', 'match on the authority');
  if (!HEADER_NAME.test(name))
    return refuse('invalid-header', `header ${quote(name)}: expected a header name in lower case`, 'write it in lower case');
  if ('absent' in is) return ok({ lacks: { name, is: {} } });
  if (!('not' in is)) {
    const plain = stringMatch(is, `header ${name}`);
    return 'refused' in plain ? plain : ok({ has: { name, is: plain.ok } });
  }
  const inner = is.not;
  if ('present' in inner) return ok({ lacks: { name, is: {} } });
  if ('absent' in inner) return ok({ has: { name, is: {} } });
  if ('not' in inner) return refuse('match.header.not', `header ${name}: a double negation has no counterpart in Istio`, 'drop both');
  if (!missingHeaderIsEmpty(env)) {
    return refuse(
      'match.header.not',
      `header ${name}: Istio before 1.22 never lets a missing header satisfy a negation`,
      'match the values wanted instead',
    );
  }
  const negated = stringMatch(inner, `header ${name}`);
  return 'refused' in negated ? negated : ok({ lacks: { name, is: negated.ok } });
}

function queryCondition({ name, is }: NamedMatch): Result<NamedStringMatch> {
  if (name === '') return refuse('invalid-query', 'query: expected a parameter name, received none', 'name the parameter');
  if ('absent' in is || 'not' in is) {
    return refuse('match.query', `query parameter ${name}: Istio cannot ask for its absence`, 'match on a header');
  }
  const plain = stringMatch(is, `query parameter ${name}`);
  return 'refused' in plain ? plain : ok({ name, is: plain.ok });
}
