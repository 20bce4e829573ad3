import type { Match, PathMatch } from '@heddle/core';

/** What decides between two matches that are equally specific: the older route, then namespace and name. */
export interface Age {
  readonly created: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Which of two matches is tried first; negative: `a`. Path, then method, then the number of headers, then of query parameters: all
 * matches of all routes for a Service are sorted so (Gateway API, HTTPRouteRule). Of the path: exact before prefix before regular
 * expression, then the longer (istio, pilot/pkg/config/kube/gateway/conversion.go, `sortHTTPRoutes`, 1.31).
 */
export function compareMatches(a: Match, b: Match): number {
  return (
    pathRank(b.path) - pathRank(a.path) ||
    (b.path?.value.length ?? 0) - (a.path?.value.length ?? 0) ||
    Number(b.method !== undefined) - Number(a.method !== undefined) ||
    (b.headers?.length ?? 0) - (a.headers?.length ?? 0) ||
    (b.query?.length ?? 0) - (a.query?.length ?? 0)
  );
}

export function compareAges(a: Age, b: Age): number {
  return compare(a.created, b.created) || compare(a.namespace, b.namespace) || compare(a.name, b.name);
}

function pathRank(path: PathMatch | undefined): number {
  if (path === undefined) return 0;
  return path.kind === 'exact' ? 3 : path.kind === 'regex' ? 1 : 2;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
