import { UserError } from '../errors/user-error.js';
import { drain } from '../sessions/clean/drain.js';
import { leaseDepsOf, meshOf, settling } from '../sessions/deps.js';
import { ownerOf, servicesOf } from '../sessions/lease/record.js';
import { refusedError } from '../sessions/refused.js';
import { type HeldRoute, holdRoute } from './hold-route.js';
import { takeBack } from './take-back.js';
import type { AppliedRoute, RouteDeps, RouteHooks, RoutePlan } from './types.js';
import { writeRoute } from './write-route.js';

/**
 * Carries out what was planned: the record first, then the rules, read back, then the record says that they stand; where no entry is left,
 * the rules go, and then the record. What is so already is left alone. A new owner that cannot be written whole is taken back. Throws refusals as a `UserError`
 * (`route-busy`, `route-exists`, `plan-changed`, those of a plan made anew), `partly-undone` when something is left of what was begun, and
 * what the API server refuses.
 */
export async function applyRoutes(deps: RouteDeps, planned: RoutePlan, hooks: RouteHooks = {}): Promise<AppliedRoute> {
  if (planned.unchanged) return { wrote: false, removed: [], left: [] };
  if (planned.entries.length === 0) {
    const { removed, left } = await takeBack(deps, planned);
    return { wrote: removed.length > 0, removed, left };
  }
  const held = await holdRoute(deps, planned, hooks.signal);
  try {
    const outcome = await writeRoute({
      mesh: meshOf(deps),
      guard: held.guard,
      route: held.route,
      agreed: { was: planned.was, effects: planned.plan.effects },
      ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
      settle: settling(deps),
      onProgress: (message) => hooks.onProgress?.(message),
    });
    if ('refused' in outcome) throw refusedError(outcome.refused);
    return { wrote: outcome.wrote, removed: [], left: [] };
  } catch (error) {
    await giveUp(deps, held, hooks, error);
    throw error;
  }
}

/** A new owner goes again; a changed one is as it was if nothing has been written yet, else whoever comes next finishes it. */
async function giveUp(deps: RouteDeps, { guard, route, before }: HeldRoute, hooks: RouteHooks, cause: unknown): Promise<void> {
  if (guard.lost !== undefined) return;
  if (before !== undefined && route.established) {
    const untouched = JSON.stringify(guard.record.rules) === JSON.stringify(before.rules);
    const again = { ...before, holder: guard.record.holder };
    if (untouched && before.state === 'active') await guard.update(() => again);
    return;
  }
  const { record } = guard;
  const { left } = await drain({
    ...leaseDepsOf(deps),
    mesh: meshOf(deps),
    log: deps.log,
    owner: ownerOf(record),
    services: servicesOf(record),
    recorded: record.rules,
    memory: new Map(),
    guard,
    onProgress: (message) => hooks.onProgress?.(message),
  });
  const [first] = left;
  if (first === undefined) return;
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new UserError({
    code: 'partly-undone',
    exit: 'partial',
    message: `${message}; and what had been written could not be taken back: ${first.why}`,
    next: [`heddle route clear ${record.service} -n ${record.namespace}`],
    cause,
  });
}
