import { ownNamespace } from '../parse-kube.js';
import { record, records } from '../raw.js';
import type { Config, HttpRule, Service, VirtualService, Visibility } from '../world-types.js';
import { convertRoute } from './convert-rule.js';
import { byPrecedence } from './precedence.js';
import { isService, parentReference, type Reference } from './references.js';

/** The Services that a route names as parents: it is attached to those that exist. */
export const serviceParents = ({ object, namespace }: Config): readonly Reference[] =>
  records(record(object.spec).parentRefs)
    .map((raw) => parentReference(raw, namespace))
    .filter(isService);

export interface MeshRoutesInput {
  /** HTTPRoutes and GRPCRoutes. */
  readonly routes: readonly Config[];
  readonly serviceByHost: ReadonlyMap<string, Service>;
  readonly domain: string;
  readonly defaultVisible: Visibility;
}

/** A route's rules as they are for one of its parents. */
interface Attachment {
  readonly route: Config;
  readonly host: string;
  readonly rules: readonly HttpRule[];
}

/**
 * The VirtualServices that istiod makes of routes attached to Services: one for each host, port asked for and namespace of routes, with
 * the rules of all its routes in one order, and as old as the oldest of them (istio `pilot/pkg/config/kube/gateway/route_collections.go`,
 * `mergeHTTPRoutes`, 1.31). A route for a port and one for all ports are two VirtualServices, of which the older wins on that port.
 */
export function meshRoutes(input: MeshRoutesInput): readonly VirtualService[] {
  const groups = new Map<string, Attachment[]>();
  for (const route of input.routes) {
    for (const [key, attachment] of attachmentsOf(route, input)) groups.set(key, [...(groups.get(key) ?? []), attachment]);
  }
  return [...groups].flatMap(([name, attached]) =>
    merged(
      name,
      attached.toSorted((a, b) => byAge(a.route, b.route)),
      input.defaultVisible,
    ),
  );
}

/** By the name under which istiod merges them. */
function attachmentsOf(route: Config, { serviceByHost, domain }: MeshRoutesInput): readonly (readonly [string, Attachment])[] {
  const hosts = serviceParents(route).map(({ namespace, name, port }) => ({ host: `${name}.${namespace}.svc.${domain}`, port }));
  const attached = hosts.filter(({ host }) => serviceByHost.has(host));
  if (attached.length === 0) return [];
  const rules = convertRoute(route, { domain, serviceByHost });
  if ('unusable' in rules || rules.length === 0) return [];
  return attached.map(({ host, port }) => {
    const key = [route.namespace, ...(port === undefined ? [] : [port]), host].join('~');
    return [key, { route, host, rules: port === undefined ? rules : rules.map((rule) => onPort(rule, port)) }];
  });
}

function onPort(rule: HttpRule, port: number): HttpRule {
  const match = rule.match.length === 0 ? [{}] : rule.match;
  return { ...rule, match: match.map((one) => ({ ...one, port })) };
}

function merged(name: string, oldestFirst: readonly Attachment[], defaultVisible: Visibility): readonly VirtualService[] {
  const [first] = oldestFirst;
  if (first === undefined) return [];
  const { route, host } = first;
  return [
    {
      ...route,
      name,
      hosts: [host],
      gateways: ['mesh'],
      exportTo: undefined,
      visible: ownNamespace(defaultVisible, route.namespace),
      http: byPrecedence(oldestFirst.flatMap(({ rules }) => rules)),
      tcp: [],
      tls: [],
      delegates: [],
      routes: [...new Set(oldestFirst.map((one) => one.route))],
    },
  ];
}

/** Oldest first, then by the name under which istiod files the route's rules. */
function byAge(a: Config, b: Config): number {
  if (a.age !== b.age) return a.age < b.age ? -1 : 1;
  const [left, right] = [`${a.name}~`, `${b.name}~`];
  return left === right ? 0 : left < right ? -1 : 1;
}
