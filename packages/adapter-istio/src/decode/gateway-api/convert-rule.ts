import type { Origin } from '@heddle/core';
import { maybeRecord, milliseconds, number, type Raw, record, records, text } from '../raw.js';
import type { Config, HttpRule } from '../world-types.js';
import { backendOf, backendsOf, type Registry } from './convert-backends.js';
import { headerChanges, mirrorPercentage, redirectOf, rewriteOf } from './convert-filters.js';
import { grpcMatch, httpMatch, type Unusable } from './convert-match.js';

/** The rules of a route in its own order, one for each match; or why it has no effect as a whole. */
export type ConvertedRoute = readonly HttpRule[] | Unusable;

/**
 * An HTTPRoute or GRPCRoute as istiod turns it into rules of a VirtualService for sidecars (istio
 * `pilot/pkg/config/kube/gateway/conversion.go`, 1.31).
 */
export function convertRoute(config: Config, registry: Registry): ConvertedRoute {
  const grpc = config.ref.kind === 'GRPCRoute';
  const { rules } = record(config.object.spec);
  const written = rules === undefined && !grpc ? [{}] : records(rules);
  const out: HttpRule[] = [];
  for (const [index, raw] of written.entries()) {
    const effect = effectOf(raw, grpc, config.namespace, registry);
    if ('unusable' in effect) return effect;
    const name = text(raw.name);
    const origin: Origin = { ref: config.ref, pointer: `/spec/rules/${index}`, index, ...(name === '' ? {} : { name }) };
    const matches = matchesOf(raw, grpc);
    if ('unusable' in matches) return matches;
    out.push(...matches.map((match): HttpRule => ({ ...effect, name, match, dialect: 'gateway-api', origins: [origin] })));
  }
  return out;
}

/** The matches of a rule, each by itself; `[]` is the rule without one. An HTTPRoute's schema fills in the prefix `/`, but not for `[]`. */
function matchesOf({ matches }: Raw, grpc: boolean): readonly (readonly Raw[])[] | Unusable {
  if (matches === undefined && !grpc) return [[httpMatch({})]];
  const out: (readonly Raw[])[] = [];
  for (const raw of records(matches)) {
    const match = grpc ? grpcMatch(raw) : httpMatch(raw);
    if (isUnusable(match)) return match;
    out.push([match]);
  }
  return out.length === 0 ? [[]] : out;
}

const isUnusable = (match: Raw | Unusable): match is Unusable => 'unusable' in match;

type Effect = Omit<HttpRule, 'name' | 'match' | 'origins' | 'dialect'>;

function effectOf(raw: Raw, grpc: boolean, namespace: string, registry: Registry): Effect | Unusable {
  const headers = headerChanges(records(raw.filters));
  if ('unusable' in headers) return headers;
  const filtered = filtersOf(headers.rest, grpc, namespace, registry);
  if ('unusable' in filtered) return filtered;
  const route = backendsOf(raw.backendRefs, namespace, registry);
  if ('unusable' in route) return route;
  return {
    ...filtered,
    ...(headers.changes === undefined ? {} : { headers: headers.changes }),
    ...(grpc ? {} : limitsOf(raw)),
    route,
    ...(route.length === 0 && filtered.redirect === undefined ? { directResponse: { status: 500 } } : {}),
  };
}

/** Whatever such a filter allows, istiod lets no preflight request through to the backend (`createCorsFilter`). */
const CORS: Raw = { unmatchedPreflights: 'IGNORE' };

type Filtered = Pick<HttpRule, 'redirect' | 'rewrite' | 'corsPolicy' | 'mirrors'>;

function filtersOf(filters: readonly Raw[], grpc: boolean, namespace: string, registry: Registry): Filtered | Unusable {
  let out: Filtered = {};
  const mirrors: NonNullable<HttpRule['mirrors']>[number][] = [];
  for (const filter of filters) {
    const type = text(filter.type);
    if (type === 'RequestMirror') {
      const raw = record(filter.requestMirror);
      const backend = backendOf(record(raw.backendRef), namespace, registry);
      // An HTTPRoute goes on without a mirror that leads nowhere, a GRPCRoute has no effect at all.
      if (!('unusable' in backend) && backend.exists) mirrors.push({ destination: backend.destination, percentage: mirrorPercentage(raw) });
      else if (grpc) return 'unusable' in backend ? backend : { unusable: 'a mirror leads to a backend that does not exist' };
    } else if (type === 'RequestRedirect' && !grpc) out = { ...out, redirect: redirectOf(record(filter.requestRedirect)) };
    else if (type === 'URLRewrite' && !grpc) {
      const rewrite = rewriteOf(record(filter.urlRewrite));
      if (rewrite !== undefined) out = { ...out, rewrite };
    } else if (type === 'CORS' && !grpc) out = { ...out, ...(filter.cors == null ? {} : { corsPolicy: CORS }) };
    else return { unusable: `Istio has no filter ${type}` };
  }
  return { ...out, ...(mirrors.length === 0 ? {} : { mirrors }) };
}

/** Timeouts and retries; `backendRequest` is for one try where tries are counted, else it is the request's. */
function limitsOf(raw: Raw): Pick<HttpRule, 'timeout' | 'retries'> {
  const { request, backendRequest } = record(raw.timeouts);
  const retry = maybeRecord(raw.retry);
  const set = (value: unknown): boolean => (milliseconds(value) ?? 0) > 0;
  if (retry === undefined) {
    const timeout = set(backendRequest) ? backendRequest : request;
    return set(timeout) ? { timeout } : {};
  }
  const codes = Array.isArray(retry.codes) ? retry.codes : [];
  const retries = {
    attempts: number(retry.attempts) ?? 2,
    retryOn: ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', ...codes].join(','),
    ...(set(backendRequest) ? { perTryTimeout: backendRequest } : {}),
    ...(retry.backoff === undefined ? {} : { backoff: retry.backoff }),
  };
  return { retries, ...(set(request) ? { timeout: request } : {}) };
}
