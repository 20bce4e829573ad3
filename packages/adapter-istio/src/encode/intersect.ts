import { isRecord, type Refusal, refuse } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import type { Condition, NamedStringMatch } from './condition.js';
import { isPresent, meet, meetPaths } from './meet.js';
import { spellings } from './spellings.js';
import { sameStringMatch } from './string-match.js';

export type Intersection = { readonly match: Raw } | 'never' | { readonly refused: readonly Refusal[] };

export interface ForeignRule {
  /** How a message names the rule: `VirtualService shop/cart, rule 2`. */
  readonly where: string;
  /** `rewrite.uri` replaces what the rule's own path condition matched, so that condition must stay as it is. */
  readonly rewritesMatchedPath: boolean;
}

/** A foreign match with a condition of ours ANDed into it; every field that is not a condition of ours stays verbatim. */
export function intersect(foreign: Raw, condition: Condition, rule: ForeignRule): Intersection {
  let match: Raw = foreign;
  for (const step of [intersectPath, intersectSingles, intersectQuery, intersectHeaders]) {
    const result = step(match, condition, rule);
    if (result === 'never' || 'refused' in result) return result;
    match = result.match;
  }
  return { match };
}

function intersectPath(match: Raw, { path }: Condition, rule: ForeignRule): Intersection {
  if (path === undefined) return { match };
  const foreign = { uri: isRecord(match.uri) ? match.uri : {}, ignoreCase: match.ignoreUriCase === true };
  const met = meetPaths(foreign, path);
  if (met === 'never') return 'never';
  if (met === 'undecided') {
    return refuse(
      'match.path',
      `${rule.where} has a path condition of its own that cannot be combined with the path asked for`,
      'match on a header instead of the path',
    );
  }
  const unchanged = sameStringMatch(met.uri, foreign.uri) && met.ignoreCase === foreign.ignoreCase;
  if (unchanged) return { match };
  if (rule.rewritesMatchedPath) {
    return refuse(
      'match.path',
      `${rule.where} rewrites the part of the path that its own condition matched, so a narrower path would be rewritten differently`,
      'match on a header instead of the path',
    );
  }
  const { ignoreUriCase: _, ...rest } = match;
  return { match: { ...rest, uri: met.uri, ...(met.ignoreCase ? { ignoreUriCase: true } : {}) } };
}

function intersectSingles(match: Raw, condition: Condition, rule: ForeignRule): Intersection {
  let result = match;
  for (const key of ['method', 'scheme', 'authority'] as const) {
    const ours = condition[key];
    if (ours === undefined) continue;
    const foreign = result[key];
    const met = isRecord(foreign) ? meet(foreign, ours) : { is: ours };
    if (met === 'never') return 'never';
    if (met === 'undecided') return cannotCombine(rule, `condition on the ${key}`);
    if (!(isRecord(foreign) && sameStringMatch(met.is, foreign))) result = { ...result, [key]: met.is };
  }
  return { match: result };
}

/** Only the first value of a repeated parameter counts, so two conditions on it meet in one value. Names are case-sensitive. */
function intersectQuery(match: Raw, { queryParams }: Condition, rule: ForeignRule): Intersection {
  let params: Raw = isRecord(match.queryParams) ? match.queryParams : {};
  for (const { name, is } of queryParams) {
    const foreign = params[name];
    const met = isRecord(foreign) ? meet(foreign, is) : { is };
    if (met === 'never') return 'never';
    if (met === 'undecided') return cannotCombine(rule, `condition on the query parameter ${name}`);
    if (!(isRecord(foreign) && sameStringMatch(met.is, foreign))) params = { ...params, [name]: met.is };
  }
  return { match: queryParams.length === 0 ? match : { ...match, queryParams: params } };
}

function intersectHeaders(match: Raw, condition: Condition, rule: ForeignRule): Intersection {
  const headers = addNamed(match.headers, condition.headers);
  const withoutHeaders = addNamed(match.withoutHeaders, condition.withoutHeaders);
  if (headers === undefined || withoutHeaders === undefined) return cannotCombine(rule, 'condition on the same header');
  return {
    match: {
      ...match,
      ...(condition.headers.length === 0 ? {} : { headers }),
      ...(condition.withoutHeaders.length === 0 ? {} : { withoutHeaders }),
    },
  };
}

/**
 * Adds conditions to a map by header name. Envoy compares header names in lower case while Istio keeps the map's keys apart
 * (istio/istio `route.go`, TranslateRouteMatch), so a second condition on a header goes in under another spelling of its name.
 */
function addNamed(existing: unknown, added: readonly NamedStringMatch[]): Raw | undefined {
  let map: Raw = isRecord(existing) ? existing : {};
  for (const { name, is } of added) {
    const same = Object.entries(map).filter(([key]) => key.toLowerCase() === name);
    if (same.some(([, value]) => isSame(value, is))) continue;
    const free = spellings(name).find((spelling) => !(spelling in map));
    if (free === undefined) return undefined;
    map = { ...map, [free]: is };
  }
  return map;
}

const isSame = (value: unknown, is: Raw): boolean =>
  (isRecord(value) && sameStringMatch(value, is)) || (isPresent(is) && (value === null || (isRecord(value) && isPresent(value))));

const cannotCombine = (rule: ForeignRule, what: string): { readonly refused: readonly Refusal[] } =>
  refuse('match-not-combinable', `${rule.where} has a ${what} that cannot be combined with the one asked for`, 'match on another header');
