import type { Cluster } from '../../contracts/cluster.js';
import { BugError } from '../../errors/bug-error.js';
import { ClusterError, clusterReason } from '../../errors/cluster-error.js';
import { UserError } from '../../errors/user-error.js';
import { describeRef, type KubeObject, metaOf } from '../../model/object.js';
import { leaseRef } from '../names.js';
import type { Timing } from '../timing.js';
import type { Clock, Identity, SessionState } from '../types.js';
import { holderText, type LeaseView, newLease, readLease, withRecord } from './lease-object.js';
import type { SessionRecord } from './record.js';

export interface LeaseDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly identity: Identity;
}

/** How the Lease was lost: deleted (or another one has its name), or somebody else holds it. */
export type LeaseLoss = { readonly why: 'gone' } | { readonly why: 'taken'; readonly by: string };

interface Mark {
  readonly wall: number;
  readonly monotonic: number;
}

const ATTEMPTS = 6;

/**
 * The Lease of a session, held by this process. Every write of it is a compare-and-swap and a renewal at once; they happen one after the other.
 * Only the holder renews (rule f). Once lost it stays lost: no method writes it again.
 */
export class LeaseHolder {
  readonly #deps: LeaseDeps;
  readonly #text: string;
  #lease: LeaseView;
  #record: SessionRecord;
  #accepted: Mark;
  #lost: LeaseLoss | undefined;
  #released = false;
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(deps: LeaseDeps, lease: LeaseView, record: SessionRecord, accepted: Mark) {
    this.#deps = deps;
    this.#text = holderText(deps.identity);
    this.#lease = lease;
    this.#record = record;
    this.#accepted = accepted;
  }

  /** Throws reason `AlreadyExists` when the id is taken. */
  static async create(deps: LeaseDeps, record: SessionRecord): Promise<LeaseHolder> {
    const accepted = mark(deps.clock);
    const serverTime = await deps.cluster.serverTime();
    const stored = await deps.cluster.create(newLease(record, serverTime, deps.timing.durationMs));
    return new LeaseHolder(deps, viewOf(stored), record, accepted);
  }

  /** Takes somebody's Lease by compare-and-swap (rule b). `undefined`: it lives, is gone, or another cleaner was faster. */
  static async takeOver(
    deps: LeaseDeps,
    lease: LeaseView,
    before: SessionRecord,
    state: SessionState = 'draining',
  ): Promise<LeaseHolder | undefined> {
    const accepted = mark(deps.clock);
    const serverTime = await deps.cluster.serverTime();
    const record: SessionRecord = { ...before, holder: deps.identity, state };
    try {
      const stored = await deps.cluster.replace(withRecord(lease, record, serverTime, { takeOver: true }));
      return new LeaseHolder(deps, viewOf(stored), record, accepted);
    } catch (error) {
      if (isStale(error)) return undefined;
      throw error;
    }
  }

  get record(): SessionRecord {
    return this.#record;
  }

  get uid(): string {
    return this.#lease.uid;
  }

  get lost(): LeaseLoss | undefined {
    return this.#lost;
  }

  /** Ms since the request of the last accepted renewal was begun, by the larger of wall and monotonic time: a sleeping machine counts. */
  age(): number {
    const { clock } = this.#deps;
    return Math.max(clock.now() - this.#accepted.wall, clock.monotonic() - this.#accepted.monotonic);
  }

  /** Rule (c): to be awaited right before every shared write. Renews first when the last renewal is too old. */
  async ensureFresh(): Promise<void> {
    for (let round = 0; round < ATTEMPTS; round++) {
      if (this.#lost !== undefined) throw lostError(this.#record, this.#lost);
      if (this.age() < this.#lease.durationMs / 3) return;
      await this.update((record) => record);
    }
    throw new ClusterError({
      reason: 'Timeout',
      status: 0,
      message: `Renewing ${describeRef(this.#ref())} takes longer than a third of its duration, so nothing was written`,
      next: ['Check the connection to the API server'],
    });
  }

  /** Writes the changed record, which renews and confirms (rule d) as well. Throws a `UserError` of code `session-lost` once the Lease is lost. */
  update(change: (record: SessionRecord) => SessionRecord): Promise<void> {
    return this.#inTurn(() => this.#write(change));
  }

  renew(): Promise<void> {
    return this.update((record) => record);
  }

  /** What a watch saw: `undefined` for a deletion. Our own deletion does not count as a loss. */
  saw(object: KubeObject | undefined): void {
    if (!this.#released) this.#judge(object === undefined ? undefined : readLease(object));
  }

  /** Deletes the Lease. Resolves when it is gone, also if it was so before. */
  release(): Promise<void> {
    return this.#inTurn(async () => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (this.#lost?.why === 'gone') return;
        if (this.#lost !== undefined) throw lostError(this.#record, this.#lost);
        const { uid, resourceVersion } = this.#lease;
        this.#released = true;
        try {
          await this.#deps.cluster.delete(this.#ref(), { uid, resourceVersion });
          return;
        } catch (error) {
          this.#released = false;
          if (!isStale(error)) throw error;
          await this.#reread();
        }
      }
      throw this.#contended();
    });
  }

  async #write(change: (record: SessionRecord) => SessionRecord): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (this.#lost !== undefined) throw lostError(this.#record, this.#lost);
      const accepted = mark(this.#deps.clock);
      const serverTime = await this.#deps.cluster.serverTime();
      const record = change(this.#record);
      try {
        const stored = await this.#deps.cluster.replace(withRecord(this.#lease, record, serverTime, { takeOver: false }));
        this.#lease = viewOf(stored);
        this.#record = record;
        this.#accepted = accepted;
        return;
      } catch (error) {
        if (!isStale(error)) throw error;
        await this.#reread();
      }
    }
    throw this.#contended();
  }

  /** After a conflict: somebody wrote it (the stop annotation, say), it was taken, or it is gone. */
  async #reread(): Promise<void> {
    const object = await this.#deps.cluster.get(this.#ref());
    const lease = object === undefined ? undefined : readLease(object);
    if (this.#judge(lease) && lease !== undefined) this.#lease = lease;
  }

  #judge(lease: LeaseView | undefined): boolean {
    if (this.#lost !== undefined) return false;
    if (lease === undefined || lease.uid !== this.#lease.uid) this.#lost = { why: 'gone' };
    else if (lease.holder !== this.#text) {
      const by = lease.record?.holder;
      this.#lost = { why: 'taken', by: by === undefined ? lease.holder : `${by.user}@${by.host}` };
    }
    return this.#lost === undefined;
  }

  #ref() {
    return leaseRef(this.#record.namespace, this.#record.id);
  }

  #contended(): ClusterError {
    return new ClusterError({
      reason: 'Conflict',
      status: 409,
      message: `${describeRef(this.#ref())} was changed by somebody else at each of ${ATTEMPTS} attempts to write it`,
      ref: this.#ref(),
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work, work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

export function lostError(record: Pick<SessionRecord, 'kind' | 'namespace' | 'id'>, loss: LeaseLoss): UserError {
  if (record.kind === 'route') return lostRoute(record, loss);
  const session = `Session ${record.id} in ${record.namespace}`;
  return new UserError({
    code: 'session-lost',
    exit: 'cluster',
    message:
      loss.why === 'gone'
        ? `${session} is over: its Lease was deleted`
        : `${session} is over: ${loss.by} took its Lease to clean up, since it was not renewed in time or by force`,
    next: ['Start again with heddle mesh'],
  });
}

function lostRoute({ id, namespace }: Pick<SessionRecord, 'namespace' | 'id'>, loss: LeaseLoss): UserError {
  const how = loss.why === 'gone' ? 'was deleted' : `was taken by ${loss.by}`;
  return new UserError({
    code: 'route-lost',
    exit: 'cluster',
    message: `The Lease of standing route ${id} in ${namespace} ${how} while the route was being changed`,
    next: ['See what stands now: heddle route show', 'Then split again, or clear the route'],
  });
}

function isStale(error: unknown): boolean {
  const reason = clusterReason(error);
  return reason === 'Conflict' || reason === 'NotFound';
}

function viewOf(stored: KubeObject): LeaseView {
  const lease = readLease(stored);
  if (lease === undefined) throw new BugError(`The API server stored our Lease under another name: ${metaOf(stored).name}`);
  return lease;
}

function mark(clock: Clock): Mark {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}
