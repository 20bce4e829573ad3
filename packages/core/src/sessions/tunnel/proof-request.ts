import { type Regexes, regexCache } from '../../evaluate/re2.js';
import { strHolds } from '../../evaluate/str-condition.js';
import type { Match, NamedMatch, PathMatch, Request, Str } from '../../model/match.js';
import { regexExamples } from '../../plan/regex-examples.js';

/** Methods that may reach the service's own pods if the rule does not hold yet, without doing anything there. */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
/** What a client cannot choose, or a proxy must not pass on. */
const NOT_OURS = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-connection',
  'expect',
]);
const VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$|^$/;
const PATH = /^\/[\w\-.~!$&'()*+,;=:@/%]*$/;
const QUERY = /^[\w\-.~!$'()*+,;:@/?%]*$/;

export type ProofRequest = { readonly request: Request } | { readonly why: string };

/**
 * One harmless request that satisfies a match, to the service itself; or why there is none.
 * `host` and `port` are what is dialled and, unless the match asks for another authority, what the Host header says.
 */
export function proofRequest(match: Match, at: { readonly host: string; readonly port: number }): ProofRequest {
  const regexes = regexCache();
  const method = choose(match.method === undefined ? [] : [match.method], SAFE, regexes);
  if (method === undefined) return no('the method that it asks for could change something at the service itself');
  if (match.scheme !== undefined && !strHolds(match.scheme, ['http'], regexes)) return no('it asks for another scheme than http');
  const path = choosePath(match.path, regexes);
  if (path === undefined) return no('no path was found that it accepts');
  const authorities = match.authority === undefined ? [] : [match.authority];
  const authority = choose(authorities, [`${at.host}:${at.port}`, at.host], regexes, authorities.flatMap(examples));
  if (authority === undefined) return no('no authority was found that it accepts');
  const headers: (readonly [string, string])[] = [];
  for (const [name, conditions] of grouped(match.headers ?? [])) {
    if (name.startsWith(':') || NOT_OURS.has(name)) return no(`a client cannot choose the header ${name}`);
    const value = chooseOrLeave(conditions, regexes, VALUE);
    if (value === undefined) return no(`no value was found that it accepts for header ${name}`);
    if (value !== 'leave') headers.push([name, value.use]);
  }
  const query: string[] = [];
  for (const [name, conditions] of grouped(match.query ?? [])) {
    const value = QUERY.test(name) ? chooseOrLeave(conditions, regexes, QUERY) : undefined;
    if (value === undefined) return no(`no value was found that it accepts for query parameter ${name}`);
    if (value !== 'leave') query.push(`${name}=${value.use}`);
  }
  const target = query.length === 0 ? path : `${path}?${query.join('&')}`;
  return { request: { method, scheme: 'http', host: at.host, port: at.port, authority, path: target, headers } };
}

function no(why: string): ProofRequest {
  return { why: `the match could not be turned into a request: ${why}` };
}

/** The first value that all conditions accept; `fallbacks` first, so that an unconditional field gets the plainest. */
function choose(
  conditions: readonly Str[],
  fallbacks: readonly string[],
  regexes: Regexes,
  own: readonly string[] = [],
): string | undefined {
  return [...fallbacks, ...own].find((value) => VALUE.test(value) && conditions.every((is) => strHolds(is, [value], regexes)));
}

function chooseOrLeave(conditions: readonly Str[], regexes: Regexes, usable: RegExp): 'leave' | { readonly use: string } | undefined {
  if (conditions.every((is) => strHolds(is, [], regexes))) return 'leave';
  const value = [...conditions.flatMap(examples), 'heddle', ''].find(
    (candidate) => usable.test(candidate) && conditions.every((is) => strHolds(is, [candidate], regexes)),
  );
  return value === undefined ? undefined : { use: value };
}

function choosePath(path: PathMatch | undefined, regexes: Regexes): string | undefined {
  if (path === undefined) return '/';
  if (path.kind !== 'regex') {
    const value = path.value === '' && path.kind !== 'exact' ? '/' : path.value;
    return PATH.test(value) ? value : undefined;
  }
  return ['/', ...regexExamples(path.value, (value) => PATH.test(value))].find((value) =>
    strHolds({ regex: path.value }, [value], regexes),
  );
}

function examples(is: Str): readonly string[] {
  if ('exact' in is) return [is.exact];
  if ('prefix' in is) return [is.prefix];
  if ('regex' in is) return regexExamples(is.regex);
  return [];
}

function grouped(conditions: readonly NamedMatch[]): ReadonlyMap<string, readonly Str[]> {
  const groups = new Map<string, Str[]>();
  for (const { name, is } of conditions) groups.set(name, [...(groups.get(name) ?? []), is]);
  return groups;
}
