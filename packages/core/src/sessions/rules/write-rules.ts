import { applyPlan } from '../../apply/index.js';
import type { Change, Refusal } from '../../model/change.js';
import { type KubeObject, refKey } from '../../model/object.js';
import { planChange } from '../../plan/index.js';
import type { MeshContext, Plan, Planning, PlanOptions } from '../../plan/types.js';
import type { LeaseHolder } from '../lease/lease-holder.js';
import type { RecordedRule } from '../lease/record.js';
import { editedRules, type RuleMemory, remember } from './edited-rules.js';
import { ownedEdits } from './owned-edits.js';

export interface RuleWrite {
  readonly mesh: MeshContext;
  readonly change: Change;
  /** The Lease under which it is written. Absent when there is none any more, so that only removal makes sense. */
  readonly guard?: LeaseHolder;
  /** What the record says was read back; the guard's own record when there is one. */
  readonly recorded: readonly RecordedRule[];
  readonly memory: RuleMemory;
  readonly plan?: PlanOptions;
  readonly signal?: AbortSignal;
  /** Asked when something would be written; a refusal keeps everything as it is. */
  veto?(plan: Plan): Refusal | undefined;
  onProgress?(message: string): void;
  /** See `ApplyOptions.settle`. */
  settle?(): Promise<void>;
  onStored?(object: KubeObject): void;
}

export type RuleOutcome = { readonly done: Plan; readonly wrote: boolean } | { readonly refused: readonly Refusal[] };

/**
 * Makes an owner's rules exactly the change's, in live objects. Around every write the cleaner rule holds: no write under a stale Lease (c),
 * the hash as read back goes into the record, which confirms that the Lease is still held (d).
 * Throws `session-lost` when it is not, and what the API server refuses.
 */
export async function writeRules(write: RuleWrite): Promise<RuleOutcome> {
  const { mesh, change, guard, memory } = write;
  let known = guard?.record.rules ?? write.recorded;
  const plan = async (): Promise<Planning> => {
    const planning = await planChange(mesh, change, write.plan);
    if ('refused' in planning) return planning;
    const edited = editedRules(mesh.adapter, change.owner, planning.plan.seen, known, memory);
    if (edited.length > 0) return { refused: edited };
    if (guard === undefined) return planning;
    return { plan: { ...planning.plan, edits: ownedEdits(planning.plan.edits, change.owner, guard.uid) } };
  };
  const planning = await plan();
  if ('refused' in planning) return planning;
  const first = planning.plan;
  if (first.edits.length === 0) return { done: first, wrote: false };
  const veto = write.veto?.(first);
  if (veto !== undefined) return { refused: [veto] };
  await announce(guard, first);
  let latest = first;
  await applyPlan(mesh, first, {
    ...(write.signal === undefined ? {} : { signal: write.signal }),
    ...(write.onProgress === undefined ? {} : { onProgress: write.onProgress }),
    ...(write.settle === undefined ? {} : { settle: write.settle }),
    replan: async () => {
      const again = await plan();
      if ('plan' in again) {
        latest = again.plan;
        await announce(guard, latest);
      }
      return again;
    },
    before: async () => {
      await guard?.ensureFresh();
    },
    after: async (edit, stored) => {
      write.onStored?.(stored);
      const key = refKey(edit.ref);
      const now = edit.op === 'delete' ? [] : remember(memory, mesh.adapter, change.owner, stored);
      known = [...known.filter((rule) => refKey(rule.ref) !== key), ...now];
      await guard?.update((record) => ({ ...record, rules: [...record.rules.filter((rule) => refKey(rule.ref) !== key), ...now] }));
    },
  });
  return { done: latest, wrote: true };
}

/**
 * Before a rule that is recorded is rewritten, its hash leaves the record: a process that dies between its write and the confirmation must not
 * leave a rule that looks edited.
 */
async function announce(guard: LeaseHolder | undefined, plan: Plan): Promise<void> {
  if (guard === undefined) return;
  const touched = new Set(plan.edits.map((edit) => refKey(edit.ref)));
  if (guard.record.rules.some((rule) => touched.has(refKey(rule.ref)))) {
    await guard.update((record) => ({ ...record, rules: record.rules.filter((rule) => !touched.has(refKey(rule.ref))) }));
  }
}
