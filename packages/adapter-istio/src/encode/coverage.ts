import type { Match, RouteTable } from '@heddle/core';

/**
 * What becomes of a request that no foreign rule of a table matches: `none` such request, `404`, or the service's own `implicit`
 * route. The first rule that is added turns `implicit` into 404 for everybody else (mesh-semantics §1).
 */
export type Rest = 'none' | '404' | 'implicit' | 'other';

export function restOf(table: RouteTable): Rest {
  const foreign = table.rules.filter((rule) => rule.owner === 'foreign');
  if (foreign.some((rule) => rule.match.length === 0 || rule.match.some(isUnconditional))) return 'none';
  if (typeof table.otherwise === 'object' && 'status' in table.otherwise && table.otherwise.status === 404) return '404';
  return table.otherwiseLabel === 'implicit' || (typeof table.otherwise === 'object' && 'to' in table.otherwise) ? 'implicit' : 'other';
}

function isUnconditional({ path, method, scheme, authority, headers, query }: Match): boolean {
  const named = (headers?.length ?? 0) + (query?.length ?? 0);
  const everyPath = path === undefined || (path.kind !== 'exact' && (path.value === '/' || path.value === '.*' || path.value === ''));
  return everyPath && named === 0 && method === undefined && scheme === undefined && authority === undefined;
}
