import type { Match, RouteTable } from '@heddle/core';

/** Whether a table answers 404 to requests that no foreign rule matches, and there are such requests. */
export function leavesUnmatched({ rules, otherwise }: RouteTable): boolean {
  const foreign = rules.filter((rule) => rule.owner === 'foreign');
  if (foreign.some((rule) => rule.match.length === 0 || rule.match.some(isUnconditional))) return false;
  return typeof otherwise === 'object' && 'status' in otherwise && otherwise.status === 404;
}

function isUnconditional({ path, method, scheme, authority, headers, query }: Match): boolean {
  const named = (headers?.length ?? 0) + (query?.length ?? 0);
  const everyPath = path === undefined || (path.kind !== 'exact' && (path.value === '/' || path.value === '.*' || path.value === ''));
  return everyPath && named === 0 && method === undefined && scheme === undefined && authority === undefined;
}
