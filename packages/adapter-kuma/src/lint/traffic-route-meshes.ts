import { describeRef, type Finding, finding } from '@heddle/core';
import { hasOldItem } from '../decode/listeners.js';
import { ANY, SERVICE_TAG } from '../decode/tags.js';
import type { Service, Tags, TrafficRoute } from '../decode/world-types.js';
import { ownerOfRoute, serviceTag } from '../owned/ownership.js';
import type { LintContext } from './context.js';

/** How TrafficRoutes bear on each other, on MeshHTTPRoutes, and on Services that none is for (kuma `outbound_proxy_generator.go`, 2.14). */
export function lintTrafficRouteMeshes(context: LintContext): readonly Finding[] {
  const { world, routes } = context;
  if (world.release.major >= 3) return [];
  return [...Map.groupBy(world.trafficRoutes, ({ mesh }) => mesh)].flatMap(([mesh, all]) => {
    const newer = routes.filter((route) => route.mesh === mesh && hasOldItem(route) && ownerOfRoute(route.object) === undefined);
    const idle = newer.some(({ targetRef }) => targetRef.kind === 'Mesh');
    return [
      ...newer.map(({ ref, targetRef }) => {
        const who = targetRef.kind === 'Mesh' ? `all callers of mesh ${mesh}` : 'the callers that it is about';
        const text = `for ${who} it puts the mesh's TrafficRoutes out of force, whichever Service they are for (${listed(all.map((one) => one.name))})`;
        return finding('warning', 'traffic-routes-idle', ref, text, {
          pointer: '/spec/targetRef',
          fix: 'move all routes of the mesh to MeshHTTPRoute, or keep to TrafficRoute',
        });
      }),
      ...(idle ? [] : uncovered(context, mesh, all)),
      ...ties(all),
    ];
  });
}

/** While a mesh has any TrafficRoute, a Service that none is for takes no connections from callers in the mesh. */
function uncovered({ world }: LintContext, mesh: string, all: readonly TrafficRoute[]): readonly Finding[] {
  const first = all.reduce((oldest, one) => (one.age < oldest.age ? one : oldest));
  const everything = all.filter(({ destinations }) => destinations.some((tags) => tags[SERVICE_TAG] === ANY));
  if (everything.some(isFromAll)) return [];
  const byTag = Map.groupBy(
    all.flatMap((route) => route.destinations.map((tags): [string, TrafficRoute] => [tags[SERVICE_TAG] ?? '', route])),
    ([tag]) => tag,
  );
  const without: string[] = [];
  const findings: Finding[] = [];
  const partly = new Map<TrafficRoute, string[]>();
  for (const [service, port] of portsIn(world.services, mesh)) {
    const name = `${service.namespace}/${service.name}:${port}`;
    const found = [...everything, ...(byTag.get(serviceTag({ ...service, port })) ?? []).map(([, route]) => route)];
    const [one] = found;
    if (one === undefined) without.push(name);
    else if (!found.some(isFromAll)) partly.set(one, [...(partly.get(one) ?? []), name]);
  }
  if (without.length > 0) {
    const text = `while mesh ${mesh} has any TrafficRoute, a Service that none is for takes no connections from callers in the mesh, and none is for ${listed(without)}`;
    findings.push(
      finding('error', 'no-traffic-route', first.ref, text, {
        pointer: '/spec/destinations',
        fix: `write it as a MeshHTTPRoute, which Kuma 3 asks for anyway; or add a TrafficRoute from '*' to '*' for the rest`,
      }),
    );
  }
  for (const [{ ref, sources }, names] of partly) {
    const who = sources
      .map((tags) =>
        Object.entries(tags)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', '),
      )
      .join(' or ');
    const text = `callers other than ${who} have no TrafficRoute for ${listed(names)}, so their connections are closed`;
    findings.push(
      finding('warning', 'no-traffic-route', ref, text, {
        pointer: '/spec/sources',
        fix: `add a TrafficRoute from '*' for the other callers`,
      }),
    );
  }
  return findings;
}

const isFromAll = ({ sources }: TrafficRoute): boolean =>
  sources.some((tags) => Object.keys(tags).length === 1 && tags[SERVICE_TAG] === ANY);

const portsIn = (services: readonly Service[], mesh: string): readonly (readonly [Service, number])[] =>
  services
    .filter((service) => service.mesh === mesh && service.shape !== 'externalName' && service.shape !== 'selectorless' && !service.ignored)
    .flatMap((service) => service.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => [service, number] as const));

/** Two that are for the same callers and the same Service: the newer counts alone. */
function ties(all: readonly TrafficRoute[]): readonly Finding[] {
  const known = new Map<string, TrafficRoute>();
  return [...all].sort(byAge).flatMap((route) => {
    const keys = route.sources.flatMap((source) =>
      route.destinations.map((destination) => JSON.stringify([sorted(source), sorted(destination)])),
    );
    const older = keys.map((key) => known.get(key)).find((one) => one !== undefined);
    for (const key of keys) known.set(key, route);
    if (older === undefined) return [];
    const why =
      older.age === route.age
        ? 'of two as old (in files: whose age nothing says) the one whose name comes first counts'
        : 'the newer one counts alone';
    const text = `it is for callers and a Service that ${describeRef(older.ref)} is for too, by as many tags: ${why}, and nothing of the other`;
    return [finding('warning', 'traffic-route-tie', route.ref, text, { pointer: '/spec/destinations', fix: 'put both into one object' })];
  });
}

const byAge = (a: TrafficRoute, b: TrafficRoute): number => (a.age === b.age ? 0 : a.age < b.age ? -1 : 1);

const sorted = (tags: Tags) => Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));

const SHOWN = 5;

function listed(names: readonly string[]): string {
  return names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN - 1).join(', ')} and ${names.length - SHOWN + 1} more`;
}
