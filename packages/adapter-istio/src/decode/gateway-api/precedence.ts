import { maybeRecord, record, text } from '../raw.js';
import type { HttpRule } from '../world-types.js';

/**
 * Rules in the order in which proxies try them, each with one match at most: exact before prefix before regex, longer before shorter,
 * with a method, more headers, more query parameters; else as they came (istio `conversion.go`, `sortHTTPRoutes`, 1.31). The Gateway
 * API leaves the place of a regex open; Istio's puts it behind the prefix `/`, which matches everything.
 */
export function byPrecedence(rules: readonly HttpRule[]): readonly HttpRule[] {
  return rules
    .map((rule) => ({ rule, rank: rankOf(rule) }))
    .sort((a, b) => a.rank.map((part, index) => (b.rank[index] ?? 0) - part).find((difference) => difference !== 0) ?? 0)
    .map(({ rule }) => rule);
}

type Rank = readonly [kind: number, length: number, method: number, headers: number, query: number];

function rankOf({ match: [match] }: HttpRule): Rank {
  if (match === undefined) return [-2, 0, 0, 0, 0];
  const uri = maybeRecord(match.uri);
  const kind = uri === undefined ? -1 : 'exact' in uri ? 3 : 'prefix' in uri ? 2 : 1;
  const value = text(uri?.exact ?? uri?.prefix ?? uri?.regex);
  const size = (part: unknown) => Object.keys(record(part)).length;
  return [kind, new TextEncoder().encode(value).length, match.method === undefined ? 0 : 1, size(match.headers), size(match.queryParams)];
}
