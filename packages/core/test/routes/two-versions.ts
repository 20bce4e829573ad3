import { scenarios } from '@heddle/adapter-istio/scenarios';
import {
  type AppliedRoute,
  applyRoutes,
  defaultRouteName,
  type KubeObject,
  type Match,
  metaOf,
  parseShares,
  planClear,
  planRefresh,
  planRoutes,
  type RouteAction,
  type RouteDeps,
  type RoutePlan,
  type RoutePlanning,
  type RoutesPlanning,
  type Scenario,
  setEntry,
} from '@heddle/core';
import { createWorld, type Developer, NAMESPACE, type World } from '../sessions/world.js';

export const TOMCAT_9 = 'Apache Tomcat/9.0.98\n';

const v2 = { run: 'tomcat', version: 'v2' };
const pod = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: NAMESPACE, name, labels },
  spec: { containers: [{ name: 'tomcat', image: 'tomcat:9', ports: [{ name: 'http', containerPort: 8080 }] }] },
});
const service = (name: string, selector: Readonly<Record<string, string>>, port = 8080): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: NAMESPACE, name },
  spec: { selector, ports: [{ name: 'http', port, targetPort: 8080 }] },
});

/**
 * The tomcat scenario with a second version behind the Service, and what may go wrong with others: `v3` has a Service and no pod, `v4` a
 * Service with another port, and `canary` is but a label, as the colour of its pod is.
 */
function twoVersions(): Scenario {
  const scenario = scenarios.find(({ id }) => id === 'tomcat');
  if (scenario === undefined) throw new Error('no scenario tomcat');
  const subsets = ['v1', 'v2'].map((name) => ({ name, labels: { version: name } }));
  const objects = scenario.objects.map((object) =>
    object.kind === 'DestinationRule' ? { ...object, spec: { ...(object.spec as object), subsets } } : object,
  );
  return {
    ...scenario,
    objects: [
      ...objects,
      pod('tomcat-v2-0', v2),
      pod('tomcat-canary-0', { run: 'tomcat', version: 'canary', colour: 'blue' }),
      service('tomcat-next', v2),
      service('tomcat-v3', { run: 'tomcat', version: 'v3' }),
      service('tomcat-v4', v2, 9090),
    ],
    responders: [...scenario.responders, { labels: v2, body: TOMCAT_9 }, { labels: { version: 'canary' }, body: 'canary\n' }],
  };
}

export const createTwoVersions = (change: (scenario: Scenario) => Scenario = (scenario) => scenario): Promise<World> =>
  createWorld({ scenario: change(twoVersions()) });

export function routeDeps(developer: Developer): RouteDeps {
  const { tunnel: _, ...deps } = developer.deps;
  return deps;
}

const tomcat = { namespace: NAMESPACE, name: 'tomcat' };

/** A plan with one route set, or changed; `name`: that of its user. */
export function planEntry(developer: Developer, action: RouteAction, match: readonly Match[] = [], name?: string): Promise<RoutePlanning> {
  const spec = { name: name ?? defaultRouteName(match, action), match, ...action };
  return planRoutes(routeDeps(developer), { service: tomcat, edit: setEntry(spec, { named: name !== undefined }) });
}

export const sharesOf = (text: string): RouteAction => ({ to: parseShares(text.split(' ')) });

export function plan(developer: Developer, shares: string, name?: string): Promise<RoutePlanning> {
  return planEntry(developer, sharesOf(shares), [], name);
}

export async function routed(planning: Promise<RoutePlanning>): Promise<RoutePlan> {
  const planned = await planning;
  if ('route' in planned) return planned.route;
  throw new Error(planned.refused.map(({ code, message }) => `${code}: ${message}`).join('; '));
}

/** Plans and applies. Throws refusals of the plan by their codes. */
export async function set(developer: Developer, action: RouteAction, match: readonly Match[] = [], name?: string): Promise<AppliedRoute> {
  return await applyRoutes(routeDeps(developer), await routed(planEntry(developer, action, match, name)));
}

export async function split(developer: Developer, shares: string, name?: string): Promise<AppliedRoute> {
  return await set(developer, sharesOf(shares), [], name);
}

export function clearing(developer: Developer, name?: string): Promise<RoutesPlanning> {
  return planClear(routeDeps(developer), { service: tomcat, ...(name === undefined ? {} : { name }) });
}

export const clear = (developer: Developer, name?: string) => applyAll(developer, clearing(developer, name));
export const refresh = (developer: Developer) => applyAll(developer, planRefresh(routeDeps(developer), { service: tomcat }));

async function applyAll(developer: Developer, planning: Promise<RoutesPlanning>): Promise<Pick<AppliedRoute, 'removed' | 'left'>> {
  const planned = await planning;
  if ('refused' in planned) throw new Error(planned.refused.map(({ code, message }) => `${code}: ${message}`).join('; '));
  const done: AppliedRoute[] = [];
  for (const route of planned.routes) done.push(await applyRoutes(routeDeps(developer), route));
  return { removed: done.flatMap(({ removed }) => removed), left: done.flatMap(({ left }) => left) };
}

const LEASE = 'tomcat.8080';

export async function leaseOf(world: World): Promise<KubeObject | undefined> {
  const leases = await world.sandbox.cluster('looking').list({ group: 'coordination.k8s.io', kind: 'Lease', namespace: NAMESPACE });
  return leases.find((lease) => metaOf(lease).name === `heddle-${LEASE}`);
}

/** How many of 400 requests each version got: enough to tell 90 from 50. */
export async function counted(
  world: World,
  via: 'mesh' | 'gateway',
  headers: Record<string, string> = {},
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < 400; n++) {
    const { body } = await world.call(headers, via);
    counts[body] = (counts[body] ?? 0) + 1;
  }
  return counts;
}
