import { type Cluster, isUserError, type StandingRoutes, type UserError } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import { renderFileChanges, renderFilePlans } from '../../rendering/routes-file.js';
import { serviceText } from '../../rendering/standing-route.js';
import type { Output } from '../../terminal/output.js';
import { leftError } from '../clean.js';
import type { Connection, Connections } from '../connections.js';
import { readSources } from '../files/sources.js';
import { type CarryOutDeps, interruptible, write } from '../standing-route/carry-out.js';
import type { RouteChange } from '../standing-route/route-change.js';
import { type RouteDepsSource, routeDeps } from '../standing-route/route-deps.js';
import { fileDocument } from './file-document.js';
import { fileThatIsGone, nothingKept } from './kept-routes.js';
import { type PlacedRoutesFile, placeFiles } from './place-files.js';
import { type FilePlan, type PlanningCore, planFiles } from './plan-files.js';
import { readRoutesFiles } from './read-routes-files.js';

export interface FilesRequest {
  /** What -f names. */
  readonly files: readonly string[];
  readonly namespace?: string;
  /** Whether routes of others that have the same names are taken over. */
  readonly force: boolean;
}

/** Files whose routes are meant, whatever these say now: those that -f names, or one by its `metadata.name`, which may be gone. */
export type KeptRequest = { readonly namespace?: string } & ({ readonly files: readonly string[] } | { readonly keptBy: string });

export interface RoutesFiles {
  /** Plans all, asks once, and writes service by service. Returns what to say when something is left or could not be written. */
  apply(request: FilesRequest & { readonly dryRun: boolean }): Promise<UserError | undefined>;
  /** Shows the same plan, and writes nothing. Returns whether something would change. */
  diff(request: FilesRequest): Promise<boolean>;
  /** Takes all back that files keep, as a file without routes does. Throws `unknown-route` where there is nothing. */
  clear(request: KeptRequest & { readonly dryRun: boolean }): Promise<UserError | undefined>;
}

export interface RoutesFilesDeps extends RouteDepsSource {
  readonly core: PlanningCore &
    CarryOutDeps['core'] & { listRoutes(cluster: Cluster, scope: { readonly namespace?: string }): Promise<readonly StandingRoutes[]> };
  readonly connections: Connections;
  readonly control: CarryOutDeps['control'];
  readonly readStdin: () => Promise<string>;
}

export function createRoutesFiles(deps: RoutesFilesDeps): RoutesFiles {
  const { output } = deps;
  const show = (files: readonly PlacedRoutesFile[], changes: readonly RouteChange[], render: typeof renderFileChanges) => {
    if (output.format === 'text') output.result(changes, render);
    else output.result(fileDocument(files, changes), () => '');
  };
  const make = async ({ connection, files, plans }: Planned, dryRun: boolean): Promise<UserError | undefined> => {
    if (dryRun) {
      show(files, plans.map(planned), renderFilePlans);
      return undefined;
    }
    const { changes, stopped } = await carryOut(deps, plans);
    if (stopped !== undefined && !changes.some(isDone)) throw stopped;
    show(files, changes, renderFileChanges);
    if (stopped !== undefined) return unfinished(stopped, changes);
    return leftError(
      changes.flatMap(({ left }) => left),
      connection,
    );
  };
  return {
    apply: async ({ dryRun, ...request }) => make(await plan(deps, await placed(deps, request), request), dryRun),
    diff: async (request) => {
      const { files, plans } = await plan(deps, await placed(deps, request), { ...request, showing: true });
      show(files, plans.map(planned), renderFilePlans);
      return plans.some(({ plan: { unchanged } }) => !unchanged);
    },
    clear: async ({ dryRun, ...request }) => {
      const { connection, files: kept } = 'files' in request ? await placed(deps, request) : await gone(deps, request.keptBy);
      const files = kept.map((one) => ({ ...one, file: { ...one.file, routes: [] } }));
      const all = await plan(deps, { connection, files }, { force: false });
      if (all.plans.length > 0) return make(all, dryRun);
      throw await nothingKept(deps.core, connection, files);
    },
  };
}

interface Placed {
  readonly connection: Connection;
  readonly files: readonly PlacedRoutesFile[];
}

interface Planned extends Placed {
  readonly plans: readonly FilePlan[];
}

async function placed(deps: RoutesFilesDeps, { files: names, namespace }: Pick<FilesRequest, 'files' | 'namespace'>): Promise<Placed> {
  const loaded = readRoutesFiles(await readSources(names, deps.readStdin), { only: true });
  const connection = await deps.connections.open();
  const files = placeFiles(loaded, { ...(namespace === undefined ? {} : { asked: namespace }), otherwise: connection.namespace });
  return { connection, files };
}

async function gone(deps: RoutesFilesDeps, name: string): Promise<Placed> {
  const connection = await deps.connections.open();
  return { connection, files: [fileThatIsGone(name, connection.namespace)] };
}

/** `showing`: nobody is going to carry it out, so nobody needs the right to. */
async function plan(
  deps: RoutesFilesDeps,
  { connection, files }: Placed,
  { force, showing = false }: { readonly force: boolean; readonly showing?: boolean },
): Promise<Planned> {
  const planner = {
    core: deps.core,
    depsFor: async (service: { readonly namespace: string; readonly name: string }) => ({
      ...(await routeDeps(deps, { ...connection, namespace: service.namespace }, service.name)),
      showing,
    }),
    listRoutes: (within: string) => deps.core.listRoutes(connection.cluster, { namespace: within }),
  };
  return { connection, files, plans: await planFiles(planner, files, { force }) };
}

const nothing = { removed: [], left: [] };

const planned = ({ plan }: FilePlan): RouteChange => ({ plan, outcome: plan.unchanged ? 'unchanged' : 'planned', ...nothing });

const isDone = ({ outcome }: RouteChange): boolean => outcome === 'written' || outcome === 'cleared' || outcome === 'left';

/** Asks for all, then writes service by service; what comes after a failure stays planned. */
async function carryOut(
  deps: RoutesFilesDeps,
  plans: readonly FilePlan[],
): Promise<{ readonly changes: readonly RouteChange[]; readonly stopped?: UserError }> {
  await agree(deps.output, plans);
  const changes: RouteChange[] = [];
  let stopped: UserError | undefined;
  await interruptible(deps, async (signal) => {
    for (const one of plans) {
      if (one.plan.unchanged || stopped !== undefined) changes.push(planned(one));
      else {
        const change = await write(deps, one.routes, one.plan, signal).catch((error: unknown) => {
          if (!isUserError(error)) throw error;
          stopped = error;
          return planned(one);
        });
        changes.push(change);
      }
    }
  });
  return { changes, ...(stopped === undefined ? {} : { stopped }) };
}

/** Everybody's traffic changes: the whole plan of what would change is shown, and asked for once. */
async function agree(output: Output, plans: readonly FilePlan[]): Promise<void> {
  const changing = plans.filter(({ plan }) => !plan.unchanged);
  if (changing.every(({ plan: { plan } }) => plan.edits.length === 0)) return;
  output.progress(renderFilePlans(changing.map(planned), output.errPaper));
  await output.consent(`Routes of ${changing.map(({ plan }) => serviceText(plan.services)).join(', ')} change as said above. Go on?`);
}

/** Some services are as the files say, and one could not be made so. */
function unfinished(stopped: UserError, changes: readonly RouteChange[]): UserError {
  const names = (which: (change: RouteChange) => boolean) =>
    changes
      .filter(which)
      .map(({ plan }) => serviceText(plan.services))
      .join(', ');
  const open = names(({ outcome }) => outcome === 'planned');
  return cliError(
    'routes-unfinished',
    `${stopped.message.replace(/\.$/, '')}; written before that: ${names(isDone)}; not written: ${open}.`,
    [...stopped.next, 'Then run the same command again: it goes on with what is not written.'],
    stopped,
  );
}
