import { describeRef, describeView, type Findings } from '@heddle/core';
import { serviceTag } from '../owned/ownership.js';
import type { DecidingTable } from './deciding-types.js';
import { isHttp, parseProtocol } from './protocols.js';
import { describeTags, SERVICE_TAG } from './tags.js';
import type { TrafficRoute, World } from './world-types.js';

/** How a mesh that routes by TrafficRoute turns (semantics §2, traps 1 and 2), and what policies say in vain. */
export function reportRouting(world: World, deciding: DecidingTable, found: Findings): void {
  const { by, dialled, mesh, table, trafficRoute } = deciding;
  if (dialled === undefined) return;
  const service = `${dialled.namespace}/${dialled.name}:${dialled.port}`;
  const who = describeView(table.view);
  if (by === 'closed') {
    const why = `mesh ${mesh} routes by TrafficRoute, and none is for this service and ${who}`;
    found.problem('no-traffic-route', `${service}: ${why}: their connections are closed`);
  }
  if (by === 'routes' || by === 'service') reportIdle(world, deciding, service, who, found);
  reportGateways(world, dialled, found);
  if (trafficRoute === undefined) return;
  for (const { pointer, split } of [...trafficRoute.http, trafficRoute.fallback]) {
    for (const { tags } of split.filter(({ weight }) => weight === 0)) {
      const what = `${placeOf(pointer)}: ${describeTags(tags)} has weight 0, so nothing is sent there`;
      found.problem('weight-zero', `${describeRef(trafficRoute.ref)}: ${what}`, trafficRoute.ref);
    }
  }
  if (table.protocol === 'tcp' && trafficRoute.http.length > 0) reportTcp(world, deciding, trafficRoute, service, found);
}

function reportIdle(world: World, { mesh, routes }: DecidingTable, service: string, who: string, found: Findings): void {
  if (world.release.major >= 3 || !world.trafficRoutes.some((route) => route.mesh === mesh)) return;
  const deciding = routes.map(({ ref }) => describeRef(ref)).join(', ');
  const because = deciding === '' ? 'a MeshHTTPRoute or MeshTCPRoute is about these clients' : `${deciding} decides`;
  found.problem('traffic-routes-idle', `${service}: the TrafficRoutes of mesh ${mesh} count for nothing for ${who}: ${because}`);
}

/**
 * One destination that is not http makes the whole listener tcp, and a service without a ready Pod counts as that (kuma
 * `outbound_proxy_generator.go`, `inferProtocol`, 2.14; seen on a running one): then everybody's connections are shared among the
 * destinations of all items.
 */
function reportTcp(world: World, { dialled }: DecidingTable, route: TrafficRoute, service: string, found: Findings): void {
  const own = dialled === undefined ? '' : serviceTag(dialled);
  const tags = [...route.http, route.fallback].flatMap(({ split }) =>
    split.filter(({ weight }) => weight > 0).map((one) => one.tags[SERVICE_TAG] ?? own),
  );
  const others = [...new Set(tags)].filter((tag) => !speaksHttp(world, tag));
  const because = others.length === 0 ? '' : ` (${others.join(', ')} has no ready Pod or is not http)`;
  const what = `${service} is routed by connections${because}: the matches of http[] mean nothing, and each destination takes its weight of everybody's connections`;
  found.problem('http-rules-on-tcp', `${describeRef(route.ref)}: ${what}`, route.ref);
}

const speaksHttp = (world: World, tag: string): boolean =>
  world.dataplanes.some(({ inbounds }) =>
    inbounds.some((one) => one.ready && one.tags[SERVICE_TAG] === tag && isHttp(parseProtocol(one.protocol))),
  );

/** Requests that come in through a gateway of the mesh's own have routes of their own. */
function reportGateways(world: World, dialled: NonNullable<DecidingTable['dialled']>, found: Findings): void {
  const tag = serviceTag(dialled);
  for (const { ref, targetRef, to } of [...world.httpRoutes, ...world.tcpRoutes]) {
    if (targetRef.kind !== 'MeshGateway') continue;
    const refs = to.flatMap(({ rules }) => rules.flatMap(({ backendRefs = [] }) => backendRefs));
    if (!refs.some(({ name }) => name === tag || name === dialled.name)) continue;
    const gateway = `MeshGateway ${targetRef.name ?? ''}`.trim();
    found.problem('gateway-not-read', `${describeRef(ref)}: what ${gateway} does with its requests for ${tag} is not read`, ref);
  }
}

const placeOf = (pointer: string): string =>
  pointer
    .replace('/spec/', '')
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
