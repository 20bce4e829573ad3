import type { Version } from '@heddle/core';
import type { Raw } from '../raw.js';
import type { HttpRule, JudgedRouteRule, RouteRule, Service, ServicePort, VirtualService } from '../world-types.js';
import { inOrder } from './judge.js';
import { versionName } from './version-name.js';

/** What the RouteRules of each destination come to: one ordered list of rules, as a VirtualService holds them. */
export function asVirtualServices(
  judged: readonly JudgedRouteRule[],
  serviceByHost: ReadonlyMap<string, Service>,
): readonly VirtualService[] {
  const byHost = Map.groupBy(deciding(judged), ({ host }) => host);
  return [...byHost].flatMap(([host, rules]) => {
    const ordered = inOrder(rules);
    const [first] = ordered;
    if (first === undefined) return [];
    const { ref, object, age } = first;
    const [name = '', namespace = ''] = host.split('.');
    return [
      {
        ...{ ref, object, age, namespace, name },
        hosts: [host],
        gateways: ['mesh'],
        exportTo: undefined,
        visible: new Set(['*']),
        http: ordered.flatMap((rule) => ruleFor(rule, serviceByHost)),
        tcp: [],
        tls: [],
        delegates: [],
        legacy: true as const,
      },
    ];
  });
}

export const deciding = (judged: readonly JudgedRouteRule[]): readonly RouteRule[] =>
  judged.flatMap(({ rule, ignored }) => (ignored === undefined ? [rule] : []));

/** The pods that a rule's source means: those behind a Service, with labels; `undefined`: nobody's. */
export function sourceOf({ source }: RouteRule, serviceByHost: ReadonlyMap<string, Service>): Raw | undefined {
  if (source === undefined) return {};
  const service = serviceByHost.get(source.host);
  if (service === undefined || Object.keys(service.selector).length === 0) return undefined;
  if (Object.entries(source.labels).some(([key, value]) => (service.selector[key] ?? value) !== value)) return undefined;
  return { sourceLabels: { ...service.selector, ...source.labels }, sourceNamespace: service.namespace };
}

function ruleFor(rule: RouteRule, serviceByHost: ReadonlyMap<string, Service>): readonly HttpRule[] {
  const source = sourceOf(rule, serviceByHost);
  if (source === undefined) return [];
  const { http } = rule;
  return [Object.keys(source).length === 0 ? http : { ...http, match: [{ ...http.match[0], ...source }] }];
}

/** Before Istio 1.3 a port whose name said nothing carried TCP, and rules for requests did not count there. */
export function withoutSniffing(services: readonly Service[], judged: readonly JudgedRouteRule[]): readonly Service[] {
  const hosts = new Set(deciding(judged).map(({ host }) => host));
  if (hosts.size === 0) return services;
  const tcp = (port: ServicePort): ServicePort => (port.protocol === 'auto' ? { ...port, protocol: 'tcp' } : port);
  return services.map((service) => (hosts.has(service.host) ? { ...service, ports: service.ports.map(tcp) } : service));
}

/** What RouteRules tell apart behind a Service: each set of labels that one of them sends to. */
export function legacyVersions(judged: readonly JudgedRouteRule[], host: string): readonly Version[] {
  const sets = deciding(judged)
    .flatMap(({ http }) => http.route)
    .flatMap((route) => (route.host === host && Object.keys(route.labels ?? {}).length > 0 ? [route.labels ?? {}] : []));
  const versions = sets.map((labels): Version => ({ id: versionName(labels), realise: 'subset', labels }));
  return [...new Map(versions.map((version) => [version.id, version])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
