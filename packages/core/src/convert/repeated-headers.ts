import type { Request } from '../model/match.js';

/** The headers that a request has more than once: each of their values may satisfy another condition. */
export function repeatedHeaders({ headers }: Request): readonly string[] {
  const names = headers.map(([name]) => name.toLowerCase());
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
