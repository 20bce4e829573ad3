import { labelsIn, type Match, type MeshEnvironment, type NamedMatch, type PathMatch, type Str } from '@heddle/core';
import { missingHeaderIsEmpty } from '../capabilities/version.js';
import type { ClientProxy } from './proxy.js';
import { type Raw, record, text, texts } from './raw.js';

/** For whom and where a match is compiled: conditions that are no matter of the request. */
export interface MatchContext {
  readonly proxy: ClientProxy;
  /** The listener's port as the mesh knows it: a Service's, or a Gateway server's. */
  readonly port: number;
  /** `mesh`, or the Gateway's `namespace/name`. */
  readonly gateway: string;
}

/** Whether a match applies to a proxy, port and gateway at all (istio `route.go`, `sourceMatchHTTP`: gateways make source conditions void). */
export function appliesHere(match: Raw, { proxy, port, gateway }: MatchContext): boolean {
  if (typeof match.port === 'number' && match.port !== 0 && match.port !== port) return false;
  const gateways = texts(match.gateways);
  if (gateways.length > 0) return gateways.includes(gateway);
  const namespace = text(match.sourceNamespace);
  return proxy.has(labelsIn(match.sourceLabels)) && (namespace === '' || namespace === proxy.namespace);
}

/** Whether a match is for every proxy, port and gateway that the object is for. */
export function appliesEverywhere(match: Raw): boolean {
  const { port, gateways, sourceNamespace, sourceLabels } = match;
  return (
    (port == null || port === 0) &&
    texts(gateways).length === 0 &&
    text(sourceNamespace) === '' &&
    Object.keys(record(sourceLabels)).length === 0
  );
}

/**
 * The conditions on a request of one HTTPMatchRequest; `claims` are those on a token, which no request shows. In the Gateway API's
 * dialect a prefix other than `/` ends at a segment (istio `route.go`, `TranslateRouteMatch`, 1.31).
 */
export function compileMatch(
  match: Raw,
  env: MeshEnvironment,
  dialect?: 'gateway-api',
): { readonly match: Match; readonly claims: readonly string[] } {
  const emptyIfMissing = missingHeaderIsEmpty(env);
  const headers: NamedMatch[] = [];
  const claims: string[] = [];
  for (const [name, value] of Object.entries(record(match.headers))) {
    if (name.startsWith('@')) claims.push(name);
    else headers.push({ name: name.toLowerCase(), is: strOf(value) });
  }
  for (const [name, value] of Object.entries(record(match.withoutHeaders))) {
    if (name.startsWith('@')) claims.push(name);
    else headers.push(...inverted(name.toLowerCase(), strOf(value), emptyIfMissing));
  }
  headers.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const query = Object.entries(record(match.queryParams)).map(([name, value]) => ({ name, is: strOf(value) }));
  const path = pathOf(match, dialect);
  const one = (key: 'method' | 'scheme' | 'authority') => (match[key] == null ? {} : { [key]: strOf(match[key]) });
  const name = text(match.name);
  return {
    match: {
      ...(path === undefined ? {} : { path }),
      ...one('method'),
      ...one('scheme'),
      ...one('authority'),
      ...(headers.length === 0 ? {} : { headers }),
      ...(query.length === 0 ? {} : { query }),
      ...(name === '' ? {} : { name }),
    },
    claims,
  };
}

/** `{}` asks for presence, and so does `regex: "*"`, which is no regular expression. */
function strOf(value: unknown): Str {
  const raw = record(value);
  if (typeof raw.exact === 'string') return { exact: raw.exact };
  if (typeof raw.prefix === 'string') return { prefix: raw.prefix };
  if (typeof raw.regex === 'string' && raw.regex !== '*') return { regex: raw.regex };
  return { present: true };
}

function inverted(name: string, is: Str, emptyIfMissing: boolean): readonly NamedMatch[] {
  if ('present' in is) return [{ name, is: { absent: true } }];
  return [...(emptyIfMissing ? [] : [{ name, is: { present: true } as const }]), { name, is: { not: is } }];
}

function pathOf(match: Raw, dialect: 'gateway-api' | undefined): PathMatch | undefined {
  const uri = record(match.uri);
  const fold = match.ignoreUriCase === true ? { ignoreCase: true } : {};
  if (typeof uri.exact === 'string') return { kind: 'exact', value: uri.exact, ...fold };
  if (typeof uri.prefix === 'string' && dialect === 'gateway-api' && uri.prefix !== '/') {
    return { kind: 'segmentPrefix', value: uri.prefix.endsWith('/') ? uri.prefix.slice(0, -1) : uri.prefix };
  }
  if (typeof uri.prefix === 'string') return { kind: 'rawPrefix', value: uri.prefix, ...fold };
  return typeof uri.regex === 'string' ? { kind: 'regex', value: uri.regex } : undefined;
}

/** What ends a VirtualService's rules: prefix `/` or regex `.*` and nothing else (istio `route.go`, `IsCatchAllRoute`). */
export function isCatchAll({ path, method, scheme, authority, headers, query }: Match, claims: readonly string[]): boolean {
  if (method !== undefined || scheme !== undefined || authority !== undefined || headers !== undefined || query !== undefined) return false;
  if (claims.length > 0) return false;
  return path === undefined || (path.kind === 'rawPrefix' && path.value === '/') || (path.kind === 'regex' && path.value === '.*');
}
