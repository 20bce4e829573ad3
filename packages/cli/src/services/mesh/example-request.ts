import { compileRe2, type Match, type RouteTable, type Str } from '@heddle/core';

/** A request that a session's match accepts, for people to try. */
export interface ExampleRequest {
  readonly headers: readonly (readonly [string, string])[];
  readonly method?: string;
  readonly path: string;
}

/** `undefined` where no example is found, for instance for a regular expression that is not simple. */
export function exampleRequest(match: Match): ExampleRequest | undefined {
  if (match.query !== undefined || match.authority !== undefined || match.scheme !== undefined) return undefined;
  const headers: (readonly [string, string])[] = [];
  for (const { name, is } of match.headers ?? []) {
    if ('absent' in is || 'not' in is) continue;
    const value = exampleOf(is);
    if (value === undefined) return undefined;
    headers.push([name, value]);
  }
  const method = match.method === undefined ? undefined : exampleOf(match.method);
  const path = match.path === undefined ? '/' : match.path.kind === 'regex' ? exampleOf({ regex: match.path.value }) : match.path.value;
  if (path === undefined || (match.method !== undefined && method === undefined)) return undefined;
  return { headers, path, ...(method === undefined || method === 'GET' ? {} : { method }) };
}

function exampleOf(is: Str): string | undefined {
  if ('exact' in is) return is.exact;
  if ('prefix' in is) return is.prefix;
  if ('present' in is) return '1';
  if (!('regex' in is)) return undefined;
  // The pattern with its wildcards left out and its escapes undone; good only if RE2 agrees.
  const candidate = is.regex
    .replace(/^\(\?i\)|^\^|\$$/g, '')
    .replace(/\.[*+?]/g, '')
    .replace(/\\(.)/g, '$1');
  const compiled = compileRe2(is.regex);
  return 'matches' in compiled && compiled.matches(candidate) ? candidate : undefined;
}

export interface CurlLine {
  readonly from: 'mesh' | 'gateway';
  readonly command: string;
}

/** Ready curl lines: one from a pod in the mesh, and one for each host that a gateway serves. */
export function curlLines(
  match: Match,
  service: { readonly namespace: string; readonly name: string },
  port: number,
  tables: readonly RouteTable[],
): readonly CurlLine[] {
  const example = exampleRequest(match);
  if (example === undefined) return [];
  const flags = [
    ...(example.method === undefined ? [] : [`-X ${quote(example.method)}`]),
    ...example.headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
  ];
  const line = (host: string) => ['curl', ...flags, quote(`http://${host}${example.path}`)].join(' ');
  const gateways = tables.flatMap((table) =>
    table.view.plane === 'gateway' && table.rules.some((rule) => rule.owner !== 'foreign' && rule.owner.kind === 'session')
      ? table.domains.filter((domain) => !domain.includes('*')).map((domain) => `${domain}${table.port === 80 ? '' : `:${table.port}`}`)
      : [],
  );
  return [
    { from: 'mesh', command: line(`${service.name}.${service.namespace}:${port}`) },
    ...[...new Set(gateways)].map((host) => ({ from: 'gateway' as const, command: line(host) })),
  ];
}

/** Quotes for a POSIX shell where that is needed. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
