import { describeRef, type Findings } from '@heddle/core';
import { parseServiceTag } from '../owned/ownership.js';
import type { DecidingTable } from './deciding-types.js';
import { reportDestinations } from './report-destinations.js';
import { reportRouting } from './report-routing.js';
import { reportService } from './report-service.js';
import { itemsFor } from './route-items.js';
import { SERVICE_TAG } from './tags.js';
import { isAboutOneOfMany } from './targets.js';
import type { Config, World } from './world-types.js';

/** What limits or surprises in the tables, by the object that it is about. */
export function reportProblems(world: World, tables: readonly DecidingTable[], found: Findings): void {
  for (const { ref, because } of world.refused) {
    found.problem('refused-by-mesh', `${describeRef(ref)}: the mesh would not take it, so it is left out: ${because.join('; ')}`, ref);
  }
  for (const table of tables) {
    for (const { ref, oddities } of configsOf(table)) {
      for (const { code, message } of oddities) found.problem(code, `${describeRef(ref)}: ${message}`, ref);
    }
    reportService(world, table, found);
    reportRouting(world, table, found);
    for (const rule of table.table.rules) reportDestinations(world, table, rule, found);
  }
  reportSources(world, found);
  reportSingleProxies(world, tables, found);
}

const configsOf = ({ trafficRoute, routes }: DecidingTable): readonly Config[] => [
  ...(trafficRoute === undefined ? [] : [trafficRoute]),
  ...routes,
];

/** Sources that are nobody, for want of a Service of that name. */
function reportSources(world: World, found: Findings): void {
  for (const { ref, sources } of world.trafficRoutes) {
    for (const [n, tags] of sources.entries()) {
      const meant = parseServiceTag(tags[SERVICE_TAG]);
      if (meant?.port === undefined) continue;
      if (world.services.some(({ namespace, name }) => namespace === meant.namespace && name === meant.name)) continue;
      const what = `there is no Service ${meant.namespace}/${meant.name}, so nobody calls from it`;
      found.problem('source-unknown', `${describeRef(ref)}: sources[${n}]: ${what}`, ref);
    }
  }
}

/** A view holds clients by namespaces and labels; a policy may name a single Pod. */
function reportSingleProxies(world: World, tables: readonly DecidingTable[], found: Findings): void {
  for (const route of [...world.httpRoutes, ...world.tcpRoutes]) {
    if (!isAboutOneOfMany(world, route)) continue;
    if (!tables.some(({ outbound }) => outbound !== undefined && itemsFor(world, [route], outbound) !== undefined)) continue;
    const what = `it is about the Pod ${route.targetRef.name} alone, which no labels tell from others`;
    found.gap('single-proxy', `${describeRef(route.ref)}: ${what}`, route.ref);
  }
}
