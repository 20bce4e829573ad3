import { inputError } from '../errors/user-error.js';
import type { Match } from '../model/match.js';
import { canonicalJson, contentHash } from '../plan/content-hash.js';
import type { RouteAction } from './entry.js';

/** The longest that a standing route's name may be. */
const LONGEST = 40;
const NAME = new RegExp(`^[a-z0-9](?:[-a-z0-9]{0,${LONGEST - 2}}[a-z0-9])?$`);
const HASH_DIGITS = 6;

export const isRouteName = (name: string): boolean => NAME.test(name);
export const ROUTE_NAME = `at most ${LONGEST} lower-case letters, digits and inner dashes`;

/** Throws an input error of code `route-name-invalid`. */
export function checkRouteName(name: string): string {
  if (isRouteName(name)) return name;
  throw inputError('route-name-invalid', { path: '--name', expected: ROUTE_NAME, received: name === '' ? 'nothing' : name });
}

/**
 * The name of a route that nobody named, from what it does and for which requests, so that the same command with other weights means the
 * same route: `split`, `mirror`, `fault`; with a match `end-user-jason`, `mirror-end-user-jason`. Where another match would be called the
 * same, a few digits of its hash tell them apart.
 */
export function defaultRouteName(matches: readonly Match[], action: RouteAction): string {
  const match = matches.map(inOrder);
  const kind = 'to' in action ? undefined : 'mirror' in action ? 'mirror' : 'fault';
  if (match.length === 0) return kind ?? 'split';
  const plain = plainSlug(match);
  const named = plain === undefined ? undefined : [...(kind === undefined ? [] : [kind]), plain].join('-');
  if (named !== undefined && named.length <= LONGEST && (kind !== undefined || !/^(?:split|mirror|fault)\b/.test(named))) return named;
  const hash = contentHash(match.map(canonicalJson).sort()).slice(0, HASH_DIGITS);
  const head = [...(kind === undefined ? [] : [kind]), looseSlug(match)].join('-').slice(0, LONGEST - HASH_DIGITS - 1);
  return [head.replace(/-+$/, ''), hash].filter((part) => part !== '').join('-');
}

/** However the conditions were ordered. */
function inOrder(match: Match): Match {
  const sorted = (list: Match['headers']) => list?.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  const [headers, query] = [sorted(match.headers), sorted(match.query)];
  return { ...match, ...(headers === undefined ? {} : { headers }), ...(query === undefined ? {} : { query }) };
}

/** `end-user-jason` for one header with just this value, where only that can be meant: the last dash parts name and value. */
function plainSlug(match: readonly Match[]): string | undefined {
  const [only, ...more] = match;
  const [header, ...others] = only?.headers ?? [];
  if (only === undefined || header === undefined || more.length + others.length > 0 || Object.keys(only).length > 1) return undefined;
  if (!('exact' in header.is) || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(header.name) || !/^[a-z0-9]+$/.test(header.is.exact)) return undefined;
  return `${header.name}-${header.is.exact}`;
}

/** The names and values of the conditions, as far as a name can hold them. */
function looseSlug(match: readonly Match[]): string {
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
  const words = match.flatMap(({ path, method, scheme, authority, headers = [], query = [] }) => [
    ...texts([path?.value, method, scheme, authority]),
    ...[...headers, ...query].flatMap(({ name, is }) => [name, ...texts(is)]),
  ]);
  return words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
