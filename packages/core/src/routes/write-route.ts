import type { Refusal } from '../model/change.js';
import { canonicalJson } from '../plan/content-hash.js';
import { simulate } from '../plan/simulate.js';
import type { Effect, MeshContext, Plan } from '../plan/types.js';
import type { LeaseHolder } from '../sessions/lease/lease-holder.js';
import { changeOfRoute, type RecordedRoute, servicesOf } from '../sessions/lease/record.js';
import { type RuleOutcome, writeRules } from '../sessions/rules/write-rules.js';
import { copiedFrom } from './copied-from.js';
import { intentsOf, type RouteEntry } from './entry.js';

export interface RouteWrite {
  readonly mesh: MeshContext;
  /** Under which it is written; its record says so already. */
  readonly guard: LeaseHolder;
  readonly route: RecordedRoute;
  /** What was agreed to: another effect is refused, as `plan-changed`. Absent: whatever it takes. */
  readonly agreed?: { readonly was: readonly RouteEntry[]; readonly effects: readonly Effect[] };
  readonly signal?: AbortSignal;
  /** See `ApplyOptions.settle`. */
  settle(): Promise<void>;
  onProgress?(message: string): void;
}

/** Makes standing routes what their record says, and then says there that it is. Throws what `writeRules` throws. */
export async function writeRoute({ mesh, guard, route, agreed, signal, settle, onProgress }: RouteWrite): Promise<RuleOutcome> {
  const outcome = await writeRules({
    mesh,
    change: changeOfRoute(guard.record, route),
    guard,
    recorded: [],
    memory: new Map(),
    settle,
    ...(agreed === undefined ? {} : { plan: { was: intentsOf(agreed.was) }, veto: (plan: Plan) => otherEffect(plan, agreed.effects) }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if ('refused' in outcome) return outcome;
  // As it is from now on: what others have may stand in an object of ours too, where the mesh takes one object for all of a service.
  const { seen, edits } = outcome.done;
  const copied = copiedFrom(mesh, servicesOf(guard.record), simulate(seen, edits));
  await guard.update((record) => ({ ...record, state: 'active', route: { ...route, copied, established: true } }));
  return outcome;
}

function otherEffect(plan: Plan, agreed: readonly Effect[]): Refusal | undefined {
  if (canonicalJson(plan.effects) === canonicalJson(agreed)) return undefined;
  return {
    code: 'plan-changed',
    message: 'The routes have changed since you were asked, so this would now do something else than you agreed to',
    instead: 'Look at the new plan: run the command again',
  };
}
