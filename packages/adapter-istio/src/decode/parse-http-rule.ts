import type { Origin } from '@heddle/core';
import { resolveGateway, resolveHost } from './hosts.js';
import { maybeRecord, number, type Raw, record, records, text, texts } from './raw.js';
import type { Config, HttpRule, RouteDestination } from './world-types.js';

/** One item of `spec.http`, with hosts and gateways completed from its own object's namespace. */
export function parseHttpRule(raw: Raw, index: number, config: Config, domain: string): HttpRule {
  const name = text(raw.name);
  const origin: Origin = { ref: config.ref, pointer: `/spec/http/${index}`, index, ...(name === '' ? {} : { name }) };
  // Asked of every rule of a cluster: filled in place, since most of it is absent.
  const rule: { -readonly [K in keyof HttpRule]: HttpRule[K] } = {
    name,
    match: records(raw.match).map((match) => completeGateways(match, config.namespace)),
    route: records(raw.route).map((route) => parseDestination(record(route.destination), config.namespace, domain, route)),
    origins: [origin],
  };
  const put = <K extends keyof HttpRule>(key: K, value: HttpRule[K] | undefined) => {
    if (value !== undefined) rule[key] = value;
  };
  put('redirect', maybeRecord(raw.redirect));
  put('directResponse', maybeRecord(raw.directResponse));
  put('rewrite', maybeRecord(raw.rewrite));
  put('timeout', raw.timeout ?? undefined);
  put('retries', raw.retries ?? undefined);
  put('fault', maybeRecord(raw.fault));
  if (raw.mirror != null) rule.mirror = parseDestination(record(raw.mirror), config.namespace, domain);
  put('mirrorPercent', raw.mirrorPercent ?? raw.mirror_percent ?? undefined);
  put('mirrorPercentage', maybeRecord(raw.mirrorPercentage));
  if (Array.isArray(raw.mirrors) && raw.mirrors.length > 0) rule.mirrors = parseMirrors(records(raw.mirrors), config.namespace, domain);
  put('headers', maybeRecord(raw.headers));
  put('corsPolicy', raw.corsPolicy ?? undefined);
  const delegate = maybeRecord(raw.delegate);
  if (delegate !== undefined) rule.delegate = { namespace: text(delegate.namespace) || config.namespace, name: text(delegate.name) };
  return rule;
}

function parseMirrors(mirrors: readonly Raw[], namespace: string, domain: string): NonNullable<HttpRule['mirrors']> {
  return mirrors
    .filter((mirror) => maybeRecord(mirror.destination) !== undefined)
    .map((mirror) => ({
      destination: parseDestination(record(mirror.destination), namespace, domain),
      percentage: maybeRecord(mirror.percentage),
    }));
}

/** `route`: the item that it stands in, with its weight and header changes; a mirror has none. */
export function parseDestination(raw: Raw, namespace: string, domain: string, route: Raw = {}): RouteDestination {
  return {
    host: resolveHost(text(raw.host), namespace, domain),
    subset: text(raw.subset),
    port: number(record(raw.port).number),
    weight: number(route.weight) ?? 0,
    headers: maybeRecord(route.headers),
  };
}

/** FQDNs that TCP or TLS routes send to. */
export function connectionsOf(routes: readonly Raw[], namespace: string, domain: string): readonly string[] {
  return routes.flatMap((one) => records(one.route).map((route) => parseDestination(record(route.destination), namespace, domain).host));
}

export function completeGateways(match: Raw, namespace: string): Raw {
  const gateways = texts(match.gateways);
  return gateways.length === 0 ? match : { ...match, gateways: gateways.map((gateway) => resolveGateway(gateway, namespace)) };
}
