import type { CellProxy, Findings, Rule } from '@heddle/core';
import { speaks } from './backends.js';
import { chooseTrafficRoute } from './choose-traffic-route.js';
import type { DecidedBy } from './compiled-table.js';
import type { MeshPolicies, TargetedRoute } from './mesh-policies.js';
import { httpRules, type RoutesContext } from './mesh-route-rules.js';
import { isHttp, parseProtocol } from './protocols.js';
import { itemsFor, type Outbound, type RouteItem } from './route-items.js';
import { tcpRule } from './tcp-rules.js';
import { trafficRouteRules } from './traffic-route-rules.js';
import { isWho } from './who.js';
import { modeOf } from './world.js';
import type { MeshRoute, TrafficRoute, World } from './world-types.js';

/** What a proxy does with connections to one service. */
export interface Listener {
  readonly protocol: 'http' | 'tcp' | 'closed';
  readonly rules: readonly Rule[];
  /** Requests that no rule matches go to the service itself; else 404. */
  readonly implicit: boolean;
  readonly normalised: boolean;
  readonly by: DecidedBy;
  readonly trafficRoute?: TrafficRoute;
  readonly routes: readonly MeshRoute[];
}

export interface ListenerInput {
  readonly world: World;
  readonly policies: MeshPolicies;
  readonly found: Findings;
}

type Proxy = Pick<CellProxy, 'namespace' | 'has'>;

/**
 * The listener of a client for a service, as the generators make it one after the other, a later one in place of an earlier one (kuma
 * `pkg/xds/generator/outbound_proxy_generator.go`, then the plugins of MeshHTTPRoute and MeshTCPRoute, 2.14). `undefined`: none is made.
 *
 * In a mesh with any TrafficRoute, the plugins do nothing for a client without policies of their kind; with one, they make all of the
 * client's listeners anew, for whichever service it is.
 */
export function listenerFor(input: ListenerInput, proxy: Proxy, outbound: Outbound, tag: string): Listener | undefined {
  const { world, policies, found } = input;
  const http = held(policies.httpRoutes, proxy);
  const tcp = held(policies.tcpRoutes, proxy);
  const byTrafficRoute = policies.trafficRoutes.length > 0;
  const protocol = outbound.as === 'tag' ? policies.clusters.protocolOf(tag) : parseProtocol(outbound.port.protocol);
  const context: RoutesContext = { world, clusters: policies.clusters, outbound, protocol, found };
  const httpItems = itemsFor(world, http, outbound);
  const tcpItems = itemsFor(world, tcp, outbound);
  let listener: Listener | undefined;
  if (byTrafficRoute && modeOf(world, policies.mesh) !== 'Exclusive') listener = byTrafficRoutes(input, proxy, tag);
  if (!byTrafficRoute || http.some(hasOldItem)) listener = byHttpRoutes(httpItems, context) ?? listener;
  if (!byTrafficRoute || tcp.some(hasOldItem)) {
    const left = isHttp(protocol) && (tcpItems === undefined || httpItems !== undefined);
    if (!left) listener = byTcpRoutes(tcpItems, context) ?? listener;
  }
  return listener;
}

export const held = (routes: readonly TargetedRoute[], proxy: Proxy): readonly MeshRoute[] =>
  routes.filter(({ who }) => isWho(who, proxy)).map(({ route }) => route);

/** Rules of kinds that Kuma had before there were resources: only these end a client's routing by TrafficRoute. */
export const hasOldItem = ({ to }: MeshRoute): boolean => to.some(({ targetRef }) => targetRef.kind === 'MeshService');

function byTrafficRoutes({ policies }: ListenerInput, proxy: Proxy, tag: string): Listener {
  const route = chooseTrafficRoute(policies.trafficRoutes, tag, proxy);
  const closed: Listener = { protocol: 'closed', rules: [], implicit: false, normalised: false, by: 'closed', routes: [] };
  if (route === undefined) return closed;
  const { protocol, rules } = trafficRouteRules(route, tag, policies.clusters);
  return { protocol, rules, implicit: false, normalised: false, by: 'trafficRoute', trafficRoute: route, routes: [] };
}

function byHttpRoutes(items: readonly RouteItem[] | undefined, context: RoutesContext): Listener | undefined {
  const stated = (items ?? []).filter(({ to }) => to.rules.length > 0);
  if (stated.length === 0 && !isHttp(context.protocol)) return undefined;
  const { rules, implicit } = httpRules(stated, context);
  if (rules.length === 0 && !implicit) return undefined;
  return { protocol: 'http', rules, implicit, normalised: true, by: stated.length === 0 ? 'service' : 'routes', routes: routesIn(stated) };
}

function byTcpRoutes(items: readonly RouteItem[] | undefined, context: RoutesContext): Listener | undefined {
  const base = { normalised: false, routes: routesIn(items ?? []) };
  if (items === undefined) {
    if (!speaks('tcp', context.protocol)) return { ...base, protocol: 'closed', rules: [], implicit: false, by: 'service' };
    return { ...base, protocol: 'tcp', rules: [], implicit: true, by: 'service' };
  }
  const rule = tcpRule(items, context);
  if (rule === 'none') return undefined;
  if (rule === 'closed') return { ...base, protocol: 'closed', rules: [], implicit: false, by: 'routes' };
  return { ...base, protocol: 'tcp', rules: [rule], implicit: false, by: 'routes' };
}

const routesIn = (items: readonly RouteItem[]): readonly MeshRoute[] => [...new Set(items.map(({ route }) => route))];
