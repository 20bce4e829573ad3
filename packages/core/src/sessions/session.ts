import type { ForwardStats } from '../contracts/tunnel-provider.js';
import { UserError } from '../errors/user-error.js';
import { begin } from './begin.js';
import { claimLease } from './claim.js';
import { drain } from './clean/drain.js';
import { deferred } from './deferred.js';
import { meshOf } from './deps.js';
import { type LeaseHolder, lostError } from './lease/lease-holder.js';
import { watchLease } from './lease/lease-watch.js';
import { ownerOf } from './lease/record.js';
import { newRecord } from './lease/record-new.js';
import { keepRenewed } from './lease/renewer.js';
import type { Prepared } from './prepare.js';
import { LiveRules } from './rules/live-rules.js';
import type { SessionContext } from './session-context.js';
import { Shadow } from './shadow/shadow.js';
import { Takeover } from './takeover.js';
import { TIMING, type Timing } from './timing.js';
import type { Proof, RunningSession, SessionDeps, SessionEnd, SessionEvent, SessionOptions, SessionPlan, SessionState } from './types.js';

export interface SessionHooks {
  onEvent(event: SessionEvent): void;
  confirm?(session: SessionPlan): Promise<boolean>;
}

type Cause = Pick<SessionEnd, 'why' | 'error'>;

/** Starts a session. Nothing is thrown: `active` rejects and `done` resolves with what went wrong, after everything was put back. */
export function startSession(deps: SessionDeps, options: SessionOptions, hooks: SessionHooks): RunningSession {
  return new Session(deps, options, hooks);
}

class Session implements RunningSession {
  readonly done: Promise<SessionEnd>;
  readonly active: Promise<void>;
  readonly #deps: SessionDeps;
  readonly #options: SessionOptions;
  readonly #hooks: SessionHooks;
  readonly #timing: Timing;
  /** Aborted as soon as the session is to end. */
  readonly #ending = new AbortController();
  /** Aborted once the Lease needs no renewal any more. */
  readonly #renewing = new AbortController();
  readonly #background: Promise<void>[] = [];
  #id = '';
  #state: SessionState = 'planned';
  #cause: Cause | undefined;
  /** Why the Lease is lost, where that is no failure of the session. */
  #loss: Error | undefined;
  #context: SessionContext | undefined;
  #rules: LiveRules | undefined;
  #takeover: Takeover | undefined;

  constructor(deps: SessionDeps, options: SessionOptions, hooks: SessionHooks) {
    this.#deps = deps;
    this.#options = options;
    this.#hooks = hooks;
    this.#timing = deps.timing ?? TIMING;
    const active = deferred<void>();
    this.active = active.promise;
    // Whoever only waits for `done` must not be told of an unhandled rejection.
    this.active.catch(() => undefined);
    this.done = this.#run(() => active.resolve()).then((end) => {
      active.reject(end.error ?? this.#loss ?? interrupted());
      return end;
    });
  }

  get id(): string {
    return this.#id;
  }

  get state(): SessionState {
    return this.#state;
  }

  get proofs(): readonly Proof[] {
    return this.#takeover?.proofs ?? [];
  }

  stats(): readonly ForwardStats[] {
    return this.#takeover?.stats() ?? [];
  }

  stop(): Promise<SessionEnd> {
    this.#end({ why: 'interrupted' });
    return this.done;
  }

  async #run(onActive: () => void): Promise<SessionEnd> {
    try {
      await this.#start(this.#ending.signal);
      onActive();
      if (!this.#ending.signal.aborted)
        await new Promise((resolve) => this.#ending.signal.addEventListener('abort', resolve, { once: true }));
    } catch (error) {
      this.#fail(asError(error));
    }
    return await this.#finish(this.#cause ?? { why: 'interrupted' });
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { clock, cluster, identity } = this.#deps;
    const { confirm } = this.#hooks;
    const prepared = await begin(
      this.#deps,
      this.#options,
      { emit: (event) => this.#emit(event), ...(confirm === undefined ? {} : { confirm }) },
      signal,
    );
    signal.throwIfAborted();
    if (prepared === undefined) {
      this.#end({ why: 'interrupted' });
      signal.throwIfAborted();
      return;
    }
    const record = newRecord(this.#deps, prepared, await cluster.serverTime());
    const leaseDeps = { cluster, clock, timing: this.#timing, identity };
    const holder = await claimLease(leaseDeps, record, (other) => this.#deps.isGone(other), signal);
    const context = this.#share(prepared, holder);
    this.#background.push(this.#watch(holder), this.#renew(holder));
    this.#enter('planned');

    this.#rules = new LiveRules(context);
    this.#takeover = new Takeover(context, this.#rules);
    await this.#advance(holder, 'provisioning', signal);
    await this.#takeover.provision(signal);
    await this.#advance(holder, 'ready', signal);
    await clock.sleep(this.#timing.settleMs, signal);
    await this.#advance(holder, 'routing', signal);
    const takeover = this.#takeover;
    await takeover.route(signal);
    await this.#advance(holder, 'active', signal, () => takeover.activate());
  }

  #share(prepared: Prepared, holder: LeaseHolder): SessionContext {
    const emit = (event: SessionEvent) => this.#emit(event);
    const { cluster, clock } = this.#deps;
    const { objects } = prepared;
    const onProgress = (message: string) => emit({ type: 'progress', message });
    this.#context = {
      deps: this.#deps,
      options: this.#options,
      timing: this.#timing,
      mesh: meshOf(this.#deps),
      prepared,
      holder,
      shadow: new Shadow({ cluster, clock, holder, objects, readyTimeoutMs: this.#options.readyTimeoutMs, onProgress }),
      memory: new Map(),
      emit,
      fail: (error) => this.#fail(error),
    };
    return this.#context;
  }

  async #watch(holder: LeaseHolder): Promise<void> {
    const news = {
      onLost: () => this.#fail(lostError(holder.record, holder.lost ?? { why: 'gone' })),
      onStopAsked: () => this.#end({ why: 'asked' }),
    };
    try {
      await watchLease(this.#deps.cluster, holder, this.#renewing.signal, news);
    } catch (error) {
      // The renewals notice a lost Lease too, though later.
      if (!this.#renewing.signal.aborted)
        this.#warn('lease-unwatched', `The session's Lease is not watched any more: ${asError(error).message}`);
    }
  }

  #renew(holder: LeaseHolder): Promise<void> {
    const deps = { clock: this.#deps.clock, timing: this.#timing };
    return keepRenewed(holder, deps, this.#renewing.signal, (error) =>
      this.#warn('not-renewed', `The session's Lease could not be renewed: ${asError(error).message}`),
    ).then(() => {
      if (holder.lost !== undefined) this.#fail(lostError(holder.record, holder.lost));
    });
  }

  /** The record says so first. */
  async #advance(holder: LeaseHolder, state: SessionState, signal: AbortSignal, first?: () => void): Promise<void> {
    signal.throwIfAborted();
    await holder.update((record) => ({ ...record, state }));
    signal.throwIfAborted();
    first?.();
    this.#enter(state);
  }

  async #finish(cause: Cause): Promise<SessionEnd> {
    const context = this.#context;
    if (context === undefined) {
      this.#enter('gone');
      return { ...cause, left: [] };
    }
    const { holder, prepared, mesh, memory } = context;
    await holder
      .update((record) => ({ ...record, state: 'draining' }))
      .catch((error: unknown) => this.#deps.log('The record does not say that the session drains', { error: String(error) }));
    this.#enter('draining');
    await this.#rules?.close();
    const { left } = await drain({
      mesh,
      cluster: this.#deps.cluster,
      clock: this.#deps.clock,
      timing: this.#timing,
      log: this.#deps.log,
      owner: ownerOf(holder.record),
      services: prepared.change.services,
      recorded: holder.record.rules,
      memory,
      guard: holder,
      onProgress: (message) => this.#emit({ type: 'progress', message }),
      closeTunnel: async () => this.#takeover?.close(),
    });
    this.#renewing.abort();
    await Promise.all(this.#background);
    this.#enter('gone');
    return { ...cause, left };
  }

  #end(cause: Cause): void {
    this.#cause ??= cause;
    this.#rules?.retire();
    this.#takeover?.retire();
    this.#ending.abort();
  }

  #fail(error: Error): void {
    const holder = this.#context?.holder;
    if (holder?.lost?.why === 'gone') {
      this.#loss = lostError(holder.record, holder.lost);
      this.#end({ why: 'record-gone' });
    } else this.#end({ why: 'failed', error });
  }

  #enter(state: SessionState): void {
    this.#state = state;
    this.#emit({ type: 'state', state });
  }

  #warn(code: string, message: string): void {
    this.#emit({ type: 'warning', code, message });
  }

  #emit(event: SessionEvent): void {
    if (event.type === 'planned') this.#id = event.session.id;
    try {
      this.#hooks.onEvent(event);
    } catch (error) {
      this.#deps.log('An event was not taken', { event: event.type, error: String(error) });
    }
  }
}

function interrupted(): UserError {
  return new UserError({ code: 'interrupted', exit: 'cluster', message: 'The session was ended before it was active' });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
