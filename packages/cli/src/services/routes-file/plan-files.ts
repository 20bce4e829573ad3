import {
  type FileGroup,
  fileEdit,
  fileGroups,
  isUserError,
  leftFiles,
  type PlacedFile,
  type Refusal,
  type RouteDeps,
  type RouteEdit,
  type RoutePlan,
  type RoutePlanning,
  type RouteRequest,
  rivalFiles,
  type StandingRoutes,
  UserError,
  withoutFiles,
} from '@heddle/core';
import { refusedError } from '../../errors/refused-error.js';
import { fileProblemsError } from './file-problems.js';
import type { PlacedRoutesFile } from './place-files.js';
import { routesFileError } from './read-routes-files.js';

/** The plan of a service's standing routes, and what carries it out: services may be in different meshes. */
export interface FilePlan {
  readonly routes: RouteDeps;
  readonly plan: RoutePlan;
}

/** The functions of core that plan. */
export interface PlanningCore {
  planRoutes(deps: RouteDeps, request: RouteRequest): Promise<RoutePlanning>;
  planStanding(deps: RouteDeps, owner: { readonly namespace: string; readonly id: string }, edit: RouteEdit): Promise<RoutePlanning>;
}

export interface Planner {
  readonly core: PlanningCore;
  depsFor(service: { readonly namespace: string; readonly name: string }): Promise<RouteDeps>;
  listRoutes(namespace: string): Promise<readonly StandingRoutes[]>;
}

/**
 * Plans all services of files before anything is written: those that files have routes for, in their order, then those that routes have
 * left. Throws the refusals of all as one error, and `routes-file` where files are at odds, or write one port of a service in two ways.
 */
export async function planFiles(
  { core, depsFor, listRoutes }: Planner,
  files: readonly PlacedRoutesFile[],
  options: { readonly force: boolean },
): Promise<readonly FilePlan[]> {
  const rivals = rivalFiles(files);
  if (rivals.length > 0) throw fileProblemsError(files, rivals);
  const refused: Refusal[] = [];
  const planned: (FilePlan & PlannedGroup)[] = [];
  for (const group of fileGroups(files)) {
    const { namespace, service: name, port } = group;
    const routes = await depsFor({ namespace, name });
    const request = { service: { namespace, name }, ...(port === undefined ? {} : { port }), edit: fileEdit(files, group, options) };
    const planning = await core.planRoutes(routes, request).catch(toldAt(placeOf(files, group)));
    if ('refused' in planning) {
      refused.push(...planning.refused.map(about(placeOf(files, group))));
      continue;
    }
    const one = { routes, plan: planning.route, group };
    refuseSamePort(files, one, planned);
    planned.push(one);
  }
  const plans: FilePlan[] = planned.map(({ routes, plan }) => ({ routes, plan }));
  for (const { namespace, id, service: name } of await standingWithout(files, listRoutes, plans)) {
    const routes = await depsFor({ namespace, name });
    const planning = await core.planStanding(routes, { namespace, id }, withoutFiles(files, namespace));
    if ('refused' in planning) refused.push(...planning.refused.map(about(`${namespace}/${name}`)));
    else plans.push({ routes, plan: planning.route });
  }
  if (refused.length > 0) throw refusedError(refused);
  return plans;
}

interface PlannedGroup {
  readonly group: FileGroup;
  readonly plan: RoutePlan;
}

async function standingWithout(
  files: readonly PlacedFile[],
  listRoutes: Planner['listRoutes'],
  plans: readonly FilePlan[],
): Promise<readonly StandingRoutes[]> {
  const planned = new Set(plans.map(({ plan }) => `${plan.services[0]?.namespace}/${plan.id}`));
  const namespaces = [...new Set(files.map(({ namespace }) => namespace))];
  const standing = await Promise.all(namespaces.map(listRoutes));
  return leftFiles(files, standing.flat(), planned);
}

const SERVICE_KEY = 'service';

function placeOf(files: readonly PlacedRoutesFile[], { routes }: FileGroup): string {
  const [first] = routes;
  const loaded = files.find(({ file }) => file === first?.file);
  return first === undefined || loaded === undefined ? '' : loaded.placeOf([...first.route.path, SERVICE_KEY]);
}

/** Of several services, each refusal says which it is about. */
const about =
  (what: string) =>
  (refusal: Refusal): Refusal => ({ ...refusal, message: `${what}: ${refusal.message}` });

/** What is wrong with the service that a file names is told with its place. */
const toldAt = (place: string) => (error: unknown) => {
  if (!isUserError(error) || error.exit !== 'usage') throw error;
  const { code, exit, message, next } = error;
  throw new UserError({ code, exit, message: `${place}: ${message}`, next, cause: error });
};

/** The routes of a port have one owner: written in two ways (by name and by number, or not at all), there would be two. */
function refuseSamePort(files: readonly PlacedRoutesFile[], { group, plan }: PlannedGroup, earlier: readonly PlannedGroup[]): void {
  const isSame = (one: PlannedGroup) => one.group.namespace === group.namespace && one.group.service === group.service;
  for (const { port } of plan.services) {
    const other = earlier.find((one) => isSame(one) && one.plan.services.some((service) => service.port === port));
    if (other === undefined) continue;
    const expected = `port ${port} written in one way, ${writtenAs(other.group)} as in ${placeOf(files, other.group)}`;
    const path = [...(group.routes[0]?.route.path ?? []), SERVICE_KEY];
    throw routesFileError([{ place: placeOf(files, group), path, expected, received: writtenAs(group) }]);
  }
}

const writtenAs = ({ service, port }: FileGroup) => (port === undefined ? service : `${service}:${port}`);
