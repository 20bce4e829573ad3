import { isUserError } from '../errors/user-error.js';
import type { Match, PathKind, PathMatch } from '../model/match.js';
import { isRecord } from '../model/object.js';
import {
  contradictory,
  headerNameFault,
  headerValueFault,
  methodFault,
  pathFault,
  patternFault,
  segmentPrefixOf,
} from '../plan/condition-faults.js';
import { parseMatchFlags } from '../plan/match-flags.js';
import { at, items, mapping, maybe, type Place, texts, wrong } from '../routing-tests/shape.js';
import { condition, namedConditions, quoted } from './parse-condition.js';

const MATCH_KEYS = ['path', 'method', 'headers', 'query', 'authority', 'scheme'];
const MATCH = `conditions on ${MATCH_KEYS.slice(0, -1).join(', ')} or ${MATCH_KEYS.at(-1)}`;

/**
 * `match` of a route: one mapping, whose conditions must all hold, or a list of which any may. Absent: every request.
 * Headers and paths may also be written as on the command line: `headers: [x-dev=alice, '!x-debug']`, `path: ^=/api`.
 */
export function parseMatches(place: Place): readonly Match[] {
  if (place.value === undefined) return [];
  const places = Array.isArray(place.value) ? items(place) : [place];
  if (places.length === 0) wrong(place, `${MATCH}; without match, a route is for every request`);
  return places.flatMap((one) => parseMatch(one) ?? []);
}

function parseMatch(place: Place): Match | undefined {
  const raw = mapping(place, MATCH_KEYS, MATCH);
  if (raw === undefined) return undefined;
  if (Object.keys(raw).length === 0) return wrong(place, `${MATCH}; without match, a route is for every request`);
  return {
    ...maybe(place, 'path', parsePath),
    ...maybe(place, 'method', (one) => condition(one, methodFault)),
    ...maybe(place, 'scheme', (one) => condition(one, schemeFault)),
    ...maybe(place, 'authority', (one) => condition(one, authorityFault)),
    ...maybe(place, 'headers', parseHeaders),
    ...maybe(place, 'query', parseQuery),
  };
}

function parseHeaders(place: Place): Match['headers'] {
  const headers = Array.isArray(place.value)
    ? asFlags(place, { headers: texts(place) })?.headers
    : namedConditions(place, {
        name: headerNameFault,
        value: (value) => (value === '' ? { expected: 'a value (for presence alone {present: true})' } : headerValueFault(value)),
        key: (name) => name.toLowerCase(),
      });
  return headers === undefined ? undefined : satisfiable(place, headers);
}

function parseQuery(place: Place): Match['query'] {
  const none = () => undefined;
  const query = namedConditions(place, { name: none, value: none, key: (name) => name });
  return query === undefined ? undefined : satisfiable(place, query);
}

function satisfiable(place: Place, conditions: NonNullable<Match['headers']>): Match['headers'] {
  const name = contradictory(conditions);
  if (name === undefined) return conditions;
  return wrong(place, 'conditions that one value can satisfy, since all must hold', `two on ${name} that exclude each other`);
}

const PATH_KINDS = { exact: 'exact', prefix: 'segmentPrefix', rawPrefix: 'rawPrefix', regex: 'regex' } as const satisfies Record<
  string,
  PathKind
>;
const PATH_FORMS = ['exact', 'prefix', 'rawPrefix', 'regex'] as const;
const PATH = 'one of {exact: /cart}, {prefix: /api} (by segments), {rawPrefix: /api} (also /apis), {regex: RE2}, or =/cart, ^=/api, ~RE2';

function parsePath(place: Place): PathMatch | undefined {
  const { value } = place;
  if (typeof value === 'string' && value.startsWith('/')) return wrong(place, PATH);
  if (typeof value === 'string') return asFlags(place, { path: value })?.path;
  if (!isRecord(value)) return wrong(place, PATH);
  if (mapping(place, [...PATH_FORMS, 'ignoreCase']) === undefined) return undefined;
  const [form, ...more] = PATH_FORMS.filter((one) => one in value);
  if (form === undefined || more.length > 0) return wrong(place, PATH);
  const member = at(place, form);
  const text = quoted(member, 'a path', form === 'regex' ? patternFault : pathFault);
  const { ignoreCase } = maybe(place, 'ignoreCase', (one) => (typeof one.value === 'boolean' ? one.value : wrong(one, 'true or false')));
  if (text === undefined) return undefined;
  if (form === 'regex' && ignoreCase === true)
    return wrong(at(place, 'ignoreCase'), 'no ignoreCase beside a regex, which says (?i) itself');
  const path = { kind: PATH_KINDS[form], value: form === 'prefix' ? segmentPrefixOf(text) : text };
  return ignoreCase === true ? { ...path, ignoreCase } : path;
}

function schemeFault(value: string) {
  return value === 'http' || value === 'https' ? undefined : { expected: 'http or https' };
}

function authorityFault(value: string) {
  return /[\s/]/.test(value) || value === '' ? { expected: 'a host as the Host header has it, with its port if it has one' } : undefined;
}

/** What is written as on the command line, read by the same rules. */
function asFlags(place: Place, flags: Parameters<typeof parseMatchFlags>[0]): Match | undefined {
  try {
    return parseMatchFlags(flags);
  } catch (error) {
    if (!isUserError(error) || error.at === undefined) throw error;
    const { expected, received } = error.at;
    return wrong(place, expected, received);
  }
}
