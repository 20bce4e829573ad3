import type { Origin } from '@heddle/core';
import { resolveGateway, resolveHost } from './hosts.js';
import { maybeRecord, number, type Raw, record, records, text, texts } from './raw.js';
import type { Config, HttpRule, RouteDestination } from './world-types.js';

/** One item of `spec.http`, with hosts and gateways completed from its own object's namespace. */
export function parseHttpRule(raw: Raw, index: number, config: Config, domain: string): HttpRule {
  const destination = (value: unknown) => parseDestination(record(value), config.namespace, domain);
  const name = text(raw.name);
  const origin: Origin = { ref: config.ref, pointer: `/spec/http/${index}`, index, ...(name === '' ? {} : { name }) };
  const delegate = maybeRecord(raw.delegate);
  const mirrors = Array.isArray(raw.mirrors) && raw.mirrors.length > 0 ? records(raw.mirrors) : undefined;
  return {
    name,
    match: records(raw.match).map((match) => completeGateways(match, config.namespace)),
    route: records(raw.route).map((route) => ({
      ...destination(route.destination),
      weight: number(route.weight) ?? 0,
      headers: maybeRecord(route.headers),
    })),
    ...optional('redirect', maybeRecord(raw.redirect)),
    ...optional('directResponse', maybeRecord(raw.directResponse)),
    ...optional('rewrite', maybeRecord(raw.rewrite)),
    ...optional('timeout', raw.timeout ?? undefined),
    ...optional('retries', raw.retries ?? undefined),
    ...optional('fault', maybeRecord(raw.fault)),
    ...optional('mirror', raw.mirror == null ? undefined : destination(raw.mirror)),
    ...optional('mirrorPercent', raw.mirrorPercent ?? raw.mirror_percent ?? undefined),
    ...optional('mirrorPercentage', maybeRecord(raw.mirrorPercentage)),
    ...optional(
      'mirrors',
      mirrors
        ?.filter((mirror) => maybeRecord(mirror.destination) !== undefined)
        .map((mirror) => ({
          destination: destination(mirror.destination),
          percentage: maybeRecord(mirror.percentage),
        })),
    ),
    ...optional('headers', maybeRecord(raw.headers)),
    ...optional('corsPolicy', raw.corsPolicy ?? undefined),
    ...optional(
      'delegate',
      delegate === undefined ? undefined : { namespace: text(delegate.namespace) || config.namespace, name: text(delegate.name) },
    ),
    origins: [origin],
  };
}

export function parseDestination(raw: Raw, namespace: string, domain: string): RouteDestination {
  return {
    host: resolveHost(text(raw.host), namespace, domain),
    subset: text(raw.subset),
    port: number(record(raw.port).number),
    weight: 0,
    headers: undefined,
  };
}

export function completeGateways(match: Raw, namespace: string): Raw {
  const gateways = texts(match.gateways);
  return gateways.length === 0 ? match : { ...match, gateways: gateways.map((gateway) => resolveGateway(gateway, namespace)) };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
