import type {
  CleanReport,
  ClearOptions,
  ClearPlan,
  ClearPlanning,
  Effect,
  Plan,
  RouteDeps,
  RouteHooks,
  RoutePlan,
  RoutePlanning,
  Share,
  SplitOptions,
  UserError,
} from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import { refusedError } from '../../errors/refused-error.js';
import type { ServiceArgument } from '../../flags/service-argument.js';
import { renderEffects } from '../../rendering/plan.js';
import { renderClearing, renderClearPlan, renderSplit, renderSplitPlan } from '../../rendering/standing-route.js';
import type { Output, Paper } from '../../terminal/output.js';
import { leftError } from '../clean.js';
import type { Connection, Connections } from '../connections.js';
import type { MeshChooser } from '../mesh-choice.js';
import type { ProcessControl } from '../signals.js';
import { clearDocument, splitDocument } from './route-document.js';

export interface SplitRequest {
  readonly service: ServiceArgument;
  readonly shares: readonly Share[];
  readonly name: string;
  readonly dryRun: boolean;
}

export interface ClearRequest {
  readonly service: string;
  readonly name: string;
  readonly dryRun: boolean;
}

export interface StandingRoutes {
  /** Plans a split, asks, and writes it. */
  split(request: SplitRequest): Promise<void>;
  /** Plans what taking a route back changes, asks, and does it. Returns what to say when something is left. */
  clear(request: ClearRequest): Promise<UserError | undefined>;
}

/** The functions of core that this service calls. */
export interface RoutesCore {
  planSplit(deps: RouteDeps, options: SplitOptions): Promise<RoutePlanning>;
  applySplit(deps: RouteDeps, planned: RoutePlan, hooks: RouteHooks): Promise<unknown>;
  planClear(deps: RouteDeps, options: ClearOptions): Promise<ClearPlanning>;
  applyClear(deps: RouteDeps, planned: ClearPlan): Promise<CleanReport>;
}

export interface StandingRoutesDeps {
  readonly core: RoutesCore;
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly process: Pick<RouteDeps, 'clock' | 'identity' | 'isGone' | 'timing'>;
  readonly output: Output;
  readonly control: ProcessControl;
}

export function createStandingRoutes(deps: StandingRoutesDeps): StandingRoutes {
  const { core, output } = deps;
  const open = async (service: string) => {
    const connection = await deps.connections.open();
    return { connection, routes: await routeDeps(deps, connection, service) };
  };
  return {
    split: async ({ service, shares, name, dryRun }) => {
      const { connection, routes } = await open(service.name);
      const { namespace, flags } = connection;
      const done = (value: RoutePlan, paper: Paper) => renderSplit(value, flags, paper);
      const planning = await core.planSplit(routes, {
        service: { namespace, name: service.name },
        ...(service.port === undefined ? {} : { port: service.port }),
        shares,
        name,
      });
      if ('refused' in planning) throw refusedError(planning.refused);
      const { route } = planning;
      if (dryRun) return show(output, route, splitDocument(route, 'planned'), renderSplitPlan);
      if (route.unchanged) return show(output, route, splitDocument(route, 'unchanged'), done);
      if (route.plan.edits.length > 0) await agree(output, route.plan, service.name);
      await interruptible(deps, (signal) => core.applySplit(routes, route, { signal, onProgress: output.progress }));
      show(output, route, splitDocument(route, 'written'), done);
    },
    clear: async ({ service, name, dryRun }) => {
      const { connection, routes } = await open(service);
      const planning = await core.planClear(routes, { service: { namespace: connection.namespace, name: service }, name });
      if ('refused' in planning) throw refusedError(planning.refused);
      const { clear } = planning;
      if (dryRun) {
        show(output, clear, clearDocument(clear, undefined), renderClearPlan);
        return undefined;
      }
      if (clear.plan.edits.length > 0) await agree(output, clear.plan, service);
      const report = await core.applyClear(routes, clear);
      show(output, { clear, report }, clearDocument(clear, report), renderClearing);
      return leftError(report.left, connection);
    },
  };
}

async function routeDeps({ meshes, output, process }: StandingRoutesDeps, connection: Connection, service: string): Promise<RouteDeps> {
  const { adapter, env } = await meshes.choose(connection, service);
  return {
    ...process,
    cluster: connection.cluster,
    adapter,
    env,
    log: (message, details) => output.detail(`${message} ${JSON.stringify(details ?? {})}`),
  };
}

function show<T, D>(output: Output, value: T, document: D, render: Parameters<typeof output.result<T>>[1]): void {
  if (output.format === 'text') output.result(value, render);
  else output.result(document, () => '');
}

/** Everybody's traffic changes: consent, after showing whose and how. */
async function agree(output: Output, plan: Plan, service: string): Promise<void> {
  output.progress(renderEffects(plan, output.errPaper));
  await output.consent(`${questionOf(plan.effects, service)}. Go on?`);
}

/** `Everyone who calls shop/cart:80: v1 100 % → v1 90 %, v2 10 %`, for each way in which it is true of somebody. */
function questionOf(effects: readonly Effect[], service: string): string {
  const changes = effects.map(({ requests, before, after }) => `${requests}: ${before} → ${after}`);
  if (changes.length === 0) return `Rules for all requests of ${service} change, though none changes its way today`;
  const [first = '', ...more] = [...new Set(changes)];
  return [`${first.charAt(0).toUpperCase()}${first.slice(1)}`, ...more].join('; ');
}

/** Stops between two writes when the process is asked to end; a second time ends it at once. */
async function interruptible({ control, output }: StandingRoutesDeps, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const stopping = new AbortController();
  const quiet = control.onSignal((signal) => {
    if (stopping.signal.aborted) control.exit(5);
    output.progress(`${signal}: stopping. Once more ends heddle at once; heddle clean brings to an end what was begun.`);
    stopping.abort(interrupted(signal));
  });
  try {
    await work(stopping.signal);
  } finally {
    quiet();
  }
}

function interrupted(signal: string): UserError {
  return cliError('interrupted', `${signal} came before the route was written.`, [
    'Run the command again, or take back what was begun: heddle route clear',
  ]);
}
