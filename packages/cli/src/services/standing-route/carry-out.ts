import type { AppliedRoute, Effect, RouteDeps, RouteHooks, RoutePlan, UserError } from '@heddle/core';
import { interruptedError } from '../../errors/interrupted.js';
import { renderRoutePlan } from '../../rendering/standing-route.js';
import type { Output } from '../../terminal/output.js';
import type { EndSignal, ProcessControl } from '../signals.js';
import type { RouteChange } from './route-change.js';

export interface CarryOutDeps {
  readonly core: { applyRoutes(deps: RouteDeps, planned: RoutePlan, hooks: RouteHooks): Promise<AppliedRoute> };
  readonly output: Output;
  readonly control: ProcessControl;
}

/**
 * Asks for what plans change, and does it, one after the other. Nothing is asked, and nothing done, for what is so already, nor with
 * `dryRun`. Throws what `applyRoutes` throws; what was done before stays.
 */
export async function carryOut(
  deps: CarryOutDeps,
  routes: RouteDeps,
  plans: readonly RoutePlan[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly RouteChange[]> {
  const nothing = { removed: [], left: [] };
  if (dryRun) return plans.map((plan) => ({ plan, outcome: 'planned', ...nothing }));
  await agree(deps.output, plans);
  const changes: RouteChange[] = [];
  await interruptible(deps, async (signal) => {
    for (const plan of plans) {
      if (plan.unchanged) {
        changes.push({ plan, outcome: 'unchanged', ...nothing });
        continue;
      }
      changes.push(await write(deps, routes, plan, signal));
    }
  });
  return changes;
}

/** One plan, unless the process is asked to end. Throws what `applyRoutes` throws. */
export async function write(
  { core, output }: Pick<CarryOutDeps, 'core' | 'output'>,
  routes: RouteDeps,
  plan: RoutePlan,
  signal: AbortSignal,
): Promise<RouteChange> {
  signal.throwIfAborted();
  const { removed, left } = await core.applyRoutes(routes, plan, { signal, onProgress: output.progress });
  const done = plan.entries.length > 0 ? 'written' : 'cleared';
  return { plan, outcome: left.length > 0 ? 'left' : done, removed, left };
}

/** Everybody's traffic changes: consent, after showing the whole plan. */
async function agree(output: Output, plans: readonly RoutePlan[]): Promise<void> {
  const changing = plans.filter(({ plan }) => plan.edits.length > 0);
  if (changing.length === 0) return;
  for (const plan of changing) output.progress(`${renderRoutePlan(plan, output.errPaper)}\n`);
  await output.consent(`${changing.map(({ plan, services }) => questionOf(plan.effects, services[0]?.name ?? '')).join('; ')}. Go on?`);
}

/** Changes that the question names; the plan above it has them all. */
const NAMED = 3;

/** `Everyone who calls shop/cart:80: v1 100 % → v1 90 %, v2 10 %`, for each way in which it is true of somebody. */
function questionOf(effects: readonly Effect[], service: string): string {
  const changes = effects.map(({ requests, before, after }) => `${requests}: ${before} → ${after}`);
  if (changes.length === 0) return `Rules for requests of ${service} change, though none changes its way today`;
  const [first = '', ...more] = [...new Set(changes)];
  const named = [`${first.charAt(0).toUpperCase()}${first.slice(1)}`, ...more.slice(0, NAMED - 1)].join('; ');
  return more.length < NAMED ? named : `${named}; and ${more.length - NAMED + 1} more, as said above`;
}

/** Stops between two writes when the process is asked to end; a second time ends it at once. */
export async function interruptible(
  { control, output }: Pick<CarryOutDeps, 'control' | 'output'>,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
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

function interrupted(signal: EndSignal): UserError {
  return interruptedError(signal, `${signal} came before the routes were written.`, [
    'Run the command again.',
    'See what stands: heddle route list',
  ]);
}
