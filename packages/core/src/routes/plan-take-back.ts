import type { ServiceRef } from '../model/change.js';
import type { Owner } from '../model/owner.js';
import { planChange } from '../plan/index.js';
import { meshOf } from '../sessions/deps.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { editedRules } from '../sessions/rules/edited-rules.js';
import { intentsOf } from './entry.js';
import { refuseEditRights, refuseRecordRights } from './route-rights.js';
import type { RouteDeps, RoutePlanning } from './types.js';

/**
 * What taking all of an owner's standing routes back would do: requests go where the rules of others send them. Its record is in the Lease,
 * or gone; removal looks at the owner alone. Refuses `rule-edited`, `missing-rights` and what the plan does.
 */
export async function planTakeBack(
  deps: RouteDeps,
  { owner, services, lease }: { readonly owner: Owner; readonly services: readonly ServiceRef[]; readonly lease?: LeaseView },
): Promise<RoutePlanning> {
  const route = lease?.record?.route;
  // The versions are for the plan's words alone: what is removed is all of the owner's.
  const change = { owner, services, views: 'all', versions: route?.versions ?? [], intents: [] } as const;
  const planning = await planChange(meshOf(deps), change, { was: intentsOf(route?.entries ?? []) });
  if ('refused' in planning) return planning;
  const { plan } = planning;
  const edited = editedRules(deps.adapter, owner, plan.seen, lease?.record?.rules ?? [], new Map());
  const unwritable = [...(await refuseRecordRights(deps, owner.namespace)), ...(await refuseEditRights(deps, plan.edits))];
  if (edited.length + unwritable.length > 0) return { refused: [...edited, ...unwritable] };
  const problem = lease === undefined ? 'its record is gone' : lease.problem;
  return {
    route: {
      id: owner.id,
      services,
      portsBefore: lease?.record?.ports ?? [],
      was: route?.entries ?? [],
      entries: [],
      versions: route?.versions ?? [],
      ...(problem === undefined ? {} : { problem }),
      plan,
      notes: plan.notes,
      unchanged: lease === undefined && plan.edits.length === 0,
    },
  };
}
