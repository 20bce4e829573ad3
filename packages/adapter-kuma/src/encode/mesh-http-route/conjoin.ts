import { canonicalJson, isRecord, ok, type Result, refuse } from '@heddle/core';
import { type Raw, record, records, text } from '../../decode/raw.js';
import { regexHolds } from '../regex.js';
import type { Condition, PathCondition, QueryCondition } from './condition.js';
import { headerIn, meetHeaders } from './meet-headers.js';

/** What a foreign rule is, as far as conditions on its path go. */
export interface ForeignRule {
  /** How a message names the rule: `MeshHTTPRoute shop/cart, rule 2`. */
  readonly where: string;
  /** A filter replaces the prefix that the rule matched, so its path must stay as it is. */
  readonly replacesPrefix: boolean;
  /** Whether a header that is sent twice is one value, both joined by a comma (Envoy before 1.39). */
  readonly joinsRepeated: boolean;
}

/** A foreign match with a condition of ours ANDed into it; what is no condition of ours stays verbatim. `undefined`: nothing satisfies both. */
export function conjoin(foreign: Raw, condition: Condition, rule: ForeignRule): Result<Raw | undefined> {
  const path = meetPaths(pathIn(foreign), condition.path);
  const query = meetQueries(records(foreign.queryParams), condition.queryParams);
  const headers = meetHeaders(records(foreign.headers), condition.headers, rule.joinsRepeated);
  if (path === 'never' || query === 'never' || headers === 'never') return ok(undefined);
  if (path === 'undecided' || query === 'undecided' || headers === 'undecided') {
    const what = path === 'undecided' ? 'the path' : query === 'undecided' ? 'a query parameter' : 'a header';
    return refuse(
      'match-not-combinable',
      `${rule.where} has a condition of its own on ${what} that cannot be combined with the one asked for`,
      'match on another header',
    );
  }
  const method = text(foreign.method);
  if (condition.method !== undefined && method !== '' && method !== condition.method) return ok(undefined);
  const changed = canonicalJson(path) !== canonicalJson(pathIn(foreign));
  if (changed && rule.replacesPrefix) {
    return refuse(
      'match.path',
      `${rule.where} replaces the prefix that it matched, so a narrower path would be rewritten differently`,
      'match on a header instead of the path',
    );
  }
  return ok({
    ...foreign,
    ...(changed ? { path } : {}),
    ...(condition.method === undefined ? {} : { method: condition.method }),
    ...(condition.headers.length === 0 ? {} : { headers }),
    ...(condition.queryParams.length === 0 ? {} : { queryParams: query }),
  });
}

/** A match as it is written, as a condition. */
export function conditionIn(match: Raw): Condition {
  const path = pathIn(match);
  const method = text(match.method);
  return {
    ...(path === undefined ? {} : { path }),
    ...(method === '' ? {} : { method }),
    headers: records(match.headers).map(headerIn),
    queryParams: records(match.queryParams).map(({ type, name, value }) => ({
      type: type === 'RegularExpression' ? type : 'Exact',
      name: text(name),
      value: text(value),
    })),
  };
}

function pathIn(match: Raw): PathCondition | undefined {
  if (!isRecord(match.path)) return undefined;
  const { type, value } = record(match.path);
  return { type: type === 'Exact' || type === 'RegularExpression' ? type : 'PathPrefix', value: text(value) };
}

type Met<T> = T | 'never' | 'undecided';

function meetPaths(foreign: PathCondition | undefined, ours: PathCondition | undefined): Met<PathCondition | undefined> {
  if (ours === undefined || isEverything(ours)) return foreign ?? ours;
  if (foreign === undefined || isEverything(foreign)) return ours;
  if (canonicalJson(foreign) === canonicalJson(ours)) return foreign;
  if (ours.type === 'Exact') return holds(foreign, ours.value) ? ours : 'never';
  if (foreign.type === 'Exact') return holds(ours, foreign.value) ? foreign : 'never';
  if (foreign.type === 'PathPrefix' && ours.type === 'PathPrefix') {
    if (holds(foreign, ours.value)) return ours;
    return holds(ours, foreign.value) ? foreign : 'never';
  }
  return 'undecided';
}

const isEverything = ({ type, value }: PathCondition): boolean => type === 'PathPrefix' && value === '/';

function holds({ type, value }: PathCondition, path: string): boolean {
  if (type === 'Exact') return value === path;
  if (type === 'RegularExpression') return regexHolds(value, path);
  return value === '/' || path === value || path.startsWith(`${value}/`);
}

/** Only the first value of a repeated parameter counts, and the webhook takes one condition for a name. */
function meetQueries(foreign: readonly Raw[], ours: readonly QueryCondition[]): Met<readonly Raw[]> {
  let met: readonly Raw[] = foreign;
  for (const condition of ours) {
    const at = met.findIndex(({ name }) => name === condition.name);
    const other = met[at];
    const both = other === undefined ? condition : meetQuery(other, condition);
    if (both === 'never' || both === 'undecided') return both;
    met = other === undefined ? [...met, { ...both }] : met.with(at, { ...both });
  }
  return met;
}

function meetQuery(foreign: Raw, ours: QueryCondition): Met<Raw | QueryCondition> {
  if (foreign.type === ours.type && foreign.value === ours.value) return foreign;
  const isExact = foreign.type === 'Exact';
  if (ours.type === 'Exact') return !isExact && regexHolds(text(foreign.value), ours.value) ? ours : 'never';
  if (isExact) return regexHolds(ours.value, text(foreign.value)) ? foreign : 'never';
  return 'undecided';
}
