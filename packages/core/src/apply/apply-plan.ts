import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnedRule } from '../contracts/mesh-adapter.js';
import type { ObjectEdit, Stage } from '../model/change.js';
import { describeRef, type KubeObject, metaOf, type ObjectRef, refKey } from '../model/object.js';
import { seenObject } from '../plan/simulate.js';
import type { MeshContext, Plan } from '../plan/types.js';
import { lostFields } from './lost-fields.js';
import { readBack } from './read-back.js';
import { fieldsLost, keepsChanging, planRefused } from './refusals.js';
import { rehearse } from './rehearse.js';
import type { Applied, AppliedEdit, ApplyOptions } from './types.js';
import { isOvertaken, writeEdit } from './write-edit.js';

const MAX_ROUNDS = 5;
const FIRST_PAUSE_MS = 20;
const STAGES: readonly Stage[] = ['add', 'rules', 'remove'];

/**
 * Carries out a plan: versions, then rules, then what goes away, each edit by compare-and-swap. When an object changed meanwhile, the
 * plan is made anew from what is there (`replan`), so that edits already done are not done again; a bounded number of times. Before
 * the first write of a plan the server is asked by dry run what the writes would lose.
 * Throws `UserError`: `fields-lost`, `webhook-refused`, `webhook-unreachable`, `object-refused`, `object-contended` (who keeps changing
 * it), `mesh-rejected`, or the refusal of a plan made anew; `ClusterError` for other failures; the signal's reason when aborted.
 * What was written before stays: removing the owner's rules from the live objects undoes it.
 */
export async function applyPlan(context: MeshContext, plan: Plan, options: ApplyOptions): Promise<Applied> {
  const edits: AppliedEdit[] = [];
  const maxRounds = options.maxRounds ?? MAX_ROUNDS;
  let current = plan;
  for (let round = 1; ; round += 1) {
    const result = await applyOnce(context, current, options, (edit) => edits.push(edit));
    if ('owned' in result) return { edits, owned: result.owned, rounds: round };
    const { overtaken } = result;
    if (round === maxRounds) throw keepsChanging(overtaken, await context.cluster.get(overtaken), round);
    options.onProgress?.(`${describeRef(overtaken)} changed meanwhile: planning again`);
    await (options.pause ?? briefPause)(round + 1, options.signal);
    options.signal?.throwIfAborted();
    const again = await options.replan();
    if ('refused' in again) throw planRefused(again.refused);
    current = again.plan;
  }
}

/** A version must be known before a rule that names it, and the rule forgotten before the version: in between proxies are given time to hear of it. */
async function applyOnce(
  context: MeshContext,
  plan: Plan,
  options: ApplyOptions,
  done: (edit: AppliedEdit) => void,
): Promise<{ readonly overtaken: ObjectRef } | { readonly owned: readonly OwnedRule[] }> {
  const edits = STAGES.flatMap((stage) => plan.edits.filter((edit) => edit.stage === stage));
  const rehearsed = await rehearse(context.cluster, edits, options);
  if ('overtaken' in rehearsed) return rehearsed;
  const stored = new Map<string, KubeObject>();
  let stage = edits[0]?.stage;
  for (const planned of edits) {
    // Whoever is told to stop writes no rules any more; what these no longer need goes once they are written.
    const mayStop = planned.stage !== 'remove' || stored.size === 0;
    if (mayStop) options.signal?.throwIfAborted();
    const earlier = stored.get(refKey(planned.ref));
    if (planned.stage !== stage) {
      await options.settle?.();
      if (mayStop) options.signal?.throwIfAborted();
    }
    stage = planned.stage;
    const edit = earlier === undefined ? planned : atVersionOf(earlier, planned);
    await options.before?.(edit);
    options.onProgress?.(`${edit.op} ${describeRef(edit.ref)}: ${edit.why}`);
    try {
      const object = await writeEdit(context.cluster, edit);
      if (object !== undefined) stored.set(refKey(edit.ref), object);
      done({ edit, ...(object === undefined ? {} : { stored: object }) });
    } catch (error) {
      if (isOvertaken(edit, error)) return { overtaken: edit.ref };
      throw error;
    }
    const object = stored.get(refKey(edit.ref)) ?? seenObject(plan.seen, edit.ref);
    if (object !== undefined) await options.after?.(edit, object);
    const lost = edit.op === 'delete' || object === undefined ? [] : lostFields(edit.body, object);
    if (lost.length > 0) throw fieldsLost(edit, lost, 'did');
  }
  return readBack(context, plan, edits, stored, options);
}

/** Of an object that this plan has written already: nobody else may have been at it since. */
function atVersionOf(object: KubeObject, edit: ObjectEdit): ObjectEdit {
  if (edit.op === 'create') return edit;
  const { uid = '', resourceVersion = '' } = metaOf(object);
  return { ...edit, uid, resourceVersion };
}

/** A random part, so that two writers that collided once do not collide for ever. Ends early when aborted. */
async function briefPause(round: number, signal?: AbortSignal): Promise<void> {
  await sleep(FIRST_PAUSE_MS * 2 ** (round - 2) * (0.5 + Math.random()), undefined, signal === undefined ? {} : { signal }).catch(() => {});
}
