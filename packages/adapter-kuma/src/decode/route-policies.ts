import { parseTargetRef } from './parse-mesh-route.js';
import { indexed, maybeRecord, type Raw, record } from './raw.js';
import { retryOf } from './retries.js';
import { NAMESPACE_TAG, tagsMatch } from './tags.js';
import type { Config, MeshRoute, RoutePolicy, TargetRef } from './world-types.js';

/**
 * A MeshTimeout or MeshRetry, as far as it is about single MeshHTTPRoutes: by its own target, or by those of its items (kuma
 * `pkg/plugins/policies/mesh{timeout,retry}/api/v1alpha1`, 2.14).
 */
export function parseRoutePolicy(config: Config): RoutePolicy {
  const spec = record(config.object.spec);
  const target = parseTargetRef(record(spec.targetRef));
  const items = indexed(spec.to).map(([, item]) => ({ targetRef: parseTargetRef(record(item.targetRef)), conf: record(item.default) }));
  const about = target.kind === 'MeshHTTPRoute' ? items.map(({ conf }) => ({ targetRef: target, conf })) : items;
  return { ...config, about: about.filter(({ targetRef }) => targetRef.kind === 'MeshHTTPRoute') };
}

export interface RouteLimits {
  readonly timeoutMs?: number;
  /** In Envoy's words where it can be, else as written. */
  readonly retry?: Raw;
}

/** What policies say of one route alone. Of several, the one with the smaller name counts. What they say of all routes alike is left out. */
export function limitsOf(policies: readonly RoutePolicy[], route: MeshRoute): RouteLimits {
  const confs = (kind: string) =>
    policies
      .filter((policy) => policy.ref.kind === kind && policy.mesh === route.mesh)
      .flatMap((policy) => policy.about.filter(({ targetRef }) => isMeant(policy, targetRef, route)).map(({ conf }) => conf));
  const timeouts = confs('MeshTimeout').map(({ http }) => milliseconds(record(http).requestTimeout));
  const timeoutMs = timeouts.find((found) => found !== undefined && found > 0);
  const retry = confs('MeshRetry').find((conf) => maybeRecord(conf.http) !== undefined);
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(retry === undefined ? {} : { retry: retryOf(retry) }) };
}

function isMeant(policy: Config, ref: TargetRef, route: MeshRoute): boolean {
  const labels = { 'kuma.io/display-name': route.displayName, [NAMESPACE_TAG]: route.namespace, ...route.labels };
  if (ref.labels !== undefined && Object.keys(ref.labels).length > 0) return tagsMatch(ref.labels, labels);
  return ref.name === route.displayName && (ref.namespace ?? policy.namespace) === route.namespace;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** A Go duration: `1.5s`, `1h2m`. */
function milliseconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d+(\.\d*)?(h|ms|m|s|us|µs|ns))+$/.test(value)) return undefined;
  return [...value.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|µs|ns)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );
}
