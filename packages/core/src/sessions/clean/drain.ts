import type { MeshAdapter } from '../../contracts/mesh-adapter.js';
import type { Log } from '../../contracts/tunnel-provider.js';
import { messageOf } from '../../errors/message-of.js';
import type { Refusal, ServiceRef } from '../../model/change.js';
import { type KubeObject, type ObjectRef, refKey, refOf } from '../../model/object.js';
import type { Observed } from '../../model/observed.js';
import type { Owner } from '../../model/owner.js';
import type { MeshContext } from '../../plan/types.js';
import { settling } from '../deps.js';
import type { LeaseHolder } from '../lease/lease-holder.js';
import type { RecordedRule } from '../lease/record.js';
import { leaseRef } from '../names.js';
import { persistently } from '../retry.js';
import type { RuleMemory } from '../rules/edited-rules.js';
import { type RuleOutcome, writeRules } from '../rules/write-rules.js';
import type { Timing } from '../timing.js';
import type { CleanReport, Clock } from '../types.js';
import { listShadows, removeObject, shadowSelector } from './remove-object.js';
import { isWritten } from './scan.js';

export interface DrainInput {
  /** Absent when no rule can have been written. */
  readonly mesh?: MeshContext;
  readonly cluster: MeshContext['cluster'];
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Log;
  readonly owner: Owner;
  readonly services: readonly ServiceRef[];
  readonly recorded: readonly RecordedRule[];
  readonly memory: RuleMemory;
  /** The Lease under which it happens; absent when it is gone or somebody else's: then only what is ours by its marker is removed. */
  readonly guard?: LeaseHolder;
  onProgress?(message: string): void;
  /** Called once the rules are gone, or cannot be removed. */
  closeTunnel?(): Promise<void>;
}

export type DrainReport = Pick<CleanReport, 'removed' | 'left'>;

/**
 * The way out, in this order: rules, verified gone, own versions, tunnel, pod, Service, Secret, Lease. Where the rules stay, everything that they name
 * and the Lease stay too, so that whoever comes next can finish. Never throws: what could not be done is in `left`.
 */
export async function drain(input: DrainInput): Promise<DrainReport> {
  const removed: DrainReport['removed'][number][] = [];
  const left: DrainReport['left'][number][] = [];
  const attempt = async (ref: ObjectRef, work: () => Promise<void>) => {
    try {
      await persistently(input, work);
    } catch (error) {
      input.log('Could not be removed', { ref, error: String(error) });
      const why = messageOf(error);
      left.push({ ref, why: `${why}. Run heddle clean -n ${input.owner.namespace}` });
    }
  };
  const lease = leaseRef(input.owner.namespace, input.owner.id);

  await attempt(lease, async () => {
    const refused = await removeRules(input, removed);
    left.push(...refused.map((refusal) => ({ ref: refusal.ref ?? lease, why: sentence(refusal) })));
  });
  try {
    await input.closeTunnel?.();
  } catch (error) {
    input.log('The tunnel did not close cleanly', { error: String(error) });
  }
  if (left.length > 0) return { removed, left: [...left, ...(await staying(input, left))] };

  await attempt(lease, async () => {
    for (const object of await shadowsOf(input)) {
      const ref = refOf(object);
      await attempt(ref, async () => {
        input.onProgress?.(`removing ${ref.kind} ${ref.name}`);
        if (await removeObject(input.cluster, object)) removed.push({ ref, how: 'deleted' });
      });
    }
  });
  const { guard } = input;
  if (left.length === 0 && guard !== undefined && guard.lost === undefined) {
    await attempt(lease, async () => {
      await guard.release();
      removed.push({ ref: lease, how: 'deleted' });
    });
  }
  return { removed, left };
}

/** A standing route sends to versions that are there already: nothing is made for it. */
async function shadowsOf({ cluster, owner }: DrainInput): Promise<readonly KubeObject[]> {
  return owner.kind === 'route' ? [] : await listShadows(cluster, owner.namespace, shadowSelector(owner.id));
}

/** What is kept because rules are: whoever cleans up by hand must know of all of it. */
async function staying(input: DrainInput, left: DrainReport['left']): Promise<DrainReport['left']> {
  const named = new Set(left.map(({ ref }) => refKey(ref)));
  const lease = leaseRef(input.owner.namespace, input.owner.id);
  const shadows = await shadowsOf(input).catch(() => []);
  const refs = [...shadows.map(refOf), ...(input.guard === undefined || input.guard.lost !== undefined ? [] : [lease])];
  const why = `It stays as long as rules of the ${input.owner.kind === 'session' ? 'session' : 'standing route'} do. Run heddle clean -n ${input.owner.namespace} when they are gone`;
  return refs.filter((ref) => !named.has(refKey(ref))).map((ref) => ({ ref, why }));
}

/** Rules and own versions; then the same plan once more, which finds nothing to do if they are really gone. */
async function removeRules(input: DrainInput, removed: DrainReport['removed'][number][]): Promise<readonly Refusal[]> {
  const { mesh, guard } = input;
  if (mesh === undefined || input.services.length === 0) return [];
  const settle = settling(input);
  let settled = true;
  for (let round = 0; round < ROUNDS; round++) {
    const held = guard !== undefined && guard.lost === undefined;
    let outcome: RuleOutcome;
    try {
      outcome = await writeRules({
        mesh,
        change: { owner: input.owner, services: input.services, views: 'all', versions: [], intents: [] },
        recorded: input.recorded,
        memory: input.memory,
        settle,
        ...(held ? { guard } : {}),
        ...(input.onProgress === undefined ? {} : { onProgress: input.onProgress }),
      });
    } catch (error) {
      // Lost on the way: what is ours still goes (rule d), by its marker alone.
      if (held && guard.lost !== undefined) continue;
      throw error;
    }
    if ('refused' in outcome) return outcome.refused;
    const unread = unreadKinds(mesh.adapter, outcome.done.seen);
    if (unread.length > 0) return unread.map((what) => ({ code: 'unread', message: `It cannot be told whether rules are left: ${what}` }));
    if (!outcome.wrote) {
      // The proxies must have heard of it before the Service that the rules named goes away.
      if (!settled) await settle();
      return [];
    }
    settled = false;
    const last = new Map(outcome.done.edits.map((edit) => [refKey(edit.ref), edit]));
    for (const { ref, op } of last.values()) {
      if (op !== 'create') removed.push({ ref, how: op === 'delete' ? 'deleted' : 'rules removed' });
    }
  }
  return [
    {
      code: 'rules-return',
      message: 'The rules were back each time after they had been removed',
      instead: 'Stop whoever writes them, then run heddle clean',
    },
  ];
}

const ROUNDS = 4;

/** Kinds that may hold rules of ours and could not be read: for these, finding nothing to remove says nothing. */
function unreadKinds(adapter: MeshAdapter, seen: Observed): readonly string[] {
  return [...seen].flatMap(([key, observation]) => {
    if (!('unread' in observation) || observation.unread === 'no such kind') return [];
    const [group, name] = key.split('|');
    const kind = adapter.kinds.find((one) => one.group === group && one.kind === name);
    return kind !== undefined && isWritten(kind)
      ? [`${kind.plural}.${kind.group} could not be listed in all namespaces (${observation.unread})`]
      : [];
  });
}

function sentence(refusal: Refusal): string {
  return refusal.instead === undefined ? refusal.message : `${refusal.message}. ${refusal.instead}`;
}
