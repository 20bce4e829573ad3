import {
  type AppliedRoute,
  type ClearRequest,
  type Cluster,
  checkRouteName,
  defaultRouteName,
  type Match,
  type MeshContext,
  type RouteAction,
  type RouteDeps,
  type RouteDrift,
  type RouteHooks,
  type RoutePlan,
  type RoutePlanning,
  type RouteRequest,
  type StandingRoutes as RoutesOfService,
  type RoutesPlanning,
  setEntry,
  type UserError,
} from '@heddle/core';
import { refusedError } from '../../errors/refused-error.js';
import type { ServiceArgument } from '../../flags/service-argument.js';
import { renderRouteChanges } from '../../rendering/standing-route.js';
import { type CleanService, leftError } from '../clean.js';
import type { Connection, Connections } from '../connections.js';
import type { ProcessControl } from '../signals.js';
import { carryOut } from './carry-out.js';
import { changeDocument } from './change-document.js';
import { findDrift, listDocument, type RouteListDocument } from './list-document.js';
import { notesOfFiles } from './route-change.js';
import { type RouteDepsSource, routeDeps } from './route-deps.js';

interface ChangeRequest {
  readonly service: ServiceArgument;
  readonly dryRun: boolean;
}

export interface SetRequest extends ChangeRequest {
  readonly action: RouteAction;
  /** None: every request. */
  readonly match: readonly Match[];
  /** Absent: made of the action and the match. */
  readonly name?: string;
}

export interface StandingRoutes {
  /** Plans one route beside the others of the service, or in the place of the one with its name; asks, and writes it. */
  set(request: SetRequest): Promise<void>;
  /** Writes the routes anew, as copies of the rules of others as these are now. Returns what to say when something is left. */
  refresh(request: ChangeRequest): Promise<UserError | undefined>;
  /** Plans what taking routes back changes, asks, and does it. Returns what to say when something is left. */
  clear(request: ChangeRequest & { readonly name?: string }): Promise<UserError | undefined>;
  list(request: { readonly service?: string; readonly allNamespaces: boolean }): Promise<RouteListDocument>;
}

/** The functions of core that this service calls. */
export interface RoutesCore {
  planRoutes(deps: RouteDeps, request: RouteRequest): Promise<RoutePlanning>;
  planRefresh(deps: RouteDeps, request: Omit<ClearRequest, 'name'>): Promise<RoutesPlanning>;
  planClear(deps: RouteDeps, request: ClearRequest): Promise<RoutesPlanning>;
  applyRoutes(deps: RouteDeps, planned: RoutePlan, hooks: RouteHooks): Promise<AppliedRoute>;
  listRoutes(cluster: Cluster, scope: { readonly namespace?: string }): Promise<readonly RoutesOfService[]>;
  driftAmong(mesh: MeshContext, routes: readonly RoutesOfService[]): Promise<ReadonlyMap<RoutesOfService, RouteDrift>>;
}

export interface StandingRoutesDeps extends RouteDepsSource {
  readonly core: RoutesCore;
  readonly connections: Connections;
  readonly control: ProcessControl;
  readonly clean: Pick<CleanService, 'orphans'>;
}

export function createStandingRoutes(deps: StandingRoutesDeps): StandingRoutes {
  const { core, output } = deps;

  const change = async (
    { service, dryRun }: ChangeRequest,
    plan: (routes: RouteDeps, of: Omit<ClearRequest, 'name'>) => Promise<RoutesPlanning>,
  ): Promise<UserError | undefined> => {
    const connection = await deps.connections.open();
    const routes = await routeDeps(deps, connection, service.name);
    const planning = await plan(routes, {
      service: { namespace: connection.namespace, name: service.name },
      ...(service.port === undefined ? {} : { port: service.port }),
    });
    if ('refused' in planning) throw refusedError(planning.refused);
    const plans = planning.routes.map((route) => ({ ...route, notes: [...notesOfFiles(route), ...route.notes] }));
    const changes = await carryOut(deps, routes, plans, { dryRun });
    if (output.format === 'text') output.result(changes, (value, paper) => renderRouteChanges(value, connection.flags, paper));
    else output.result(changeDocument(changes, { dryRun }), () => '');
    return leftError(
      changes.flatMap(({ left }) => left),
      connection,
    );
  };

  return {
    set: async ({ action, match, name, ...request }) => {
      const spec = { name: name === undefined ? defaultRouteName(match, action) : checkRouteName(name), match, ...action };
      const edit = setEntry(spec, { named: name !== undefined });
      await change(request, async (routes, of) => {
        const planning = await core.planRoutes(routes, { ...of, edit });
        return 'refused' in planning ? planning : { routes: [planning.route] };
      });
    },
    refresh: (request) => change(request, (routes, of) => core.planRefresh(routes, of)),
    clear: ({ name, ...request }) =>
      change(request, (routes, of) => core.planClear(routes, { ...of, ...(name === undefined ? {} : { name }) })),
    list: async ({ service, allNamespaces }) => {
      const connection = await deps.connections.open();
      const { cluster, namespace } = connection;
      const scope = allNamespaces ? {} : { namespace };
      const isMeant = (owner: { readonly service: string }) => service === undefined || owner.service === service;
      const standing = async () => {
        const owners = (await core.listRoutes(cluster, scope)).filter(isMeant);
        if (owners.length === 0) return { owners, drift: new Map(), now: deps.process.clock.now() };
        const drift = await findDrift(core.driftAmong, cluster, await deps.meshes.all(connection), owners);
        return { owners, drift, now: await cluster.serverTime() };
      };
      const [listed, leftovers] = await Promise.all([standing(), withoutRecord(deps, connection, scope)]);
      return listDocument({ ...listed, withoutRecord: leftovers.filter(isMeant) });
    },
  };
}

async function withoutRecord(
  { clean }: StandingRoutesDeps,
  connection: Connection,
  scope: { readonly namespace?: string },
): Promise<RouteListDocument['withoutRecord']> {
  const owners = await clean.orphans(connection, scope);
  return owners.flatMap((owner) => {
    const [kind, namespace = '', id = ''] = owner.split('/');
    // An id of standing routes begins with the Service's name, which has no dot.
    const [service = ''] = id.split('.');
    return kind === 'route' ? [{ namespace, id, service }] : [];
  });
}
