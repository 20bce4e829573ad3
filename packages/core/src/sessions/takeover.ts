import type { ForwardSpec, ForwardStats } from '../contracts/tunnel-provider.js';
import { UserError } from '../errors/user-error.js';
import { type KubeObject, metaOf } from '../model/object.js';
import type { Client } from '../model/view.js';
import type { Plan } from '../plan/types.js';
import { deferred } from './deferred.js';
import { refusedError } from './refused.js';
import type { LiveRules } from './rules/live-rules.js';
import type { SessionContext } from './session-context.js';
import { attemptMessage } from './tunnel/attempt-message.js';
import { prove } from './tunnel/proof.js';
import { Responder } from './tunnel/responder.js';
import { TunnelKeeper } from './tunnel/tunnel-keeper.js';
import type { Proof } from './types.js';

/** The steps of a session between its record and being active: shadow, tunnel, rules, proof. */
export class Takeover {
  readonly #session: SessionContext;
  readonly #rules: LiveRules;
  #keeper: TunnelKeeper | undefined;
  #responder: Responder | undefined;
  #pod: KubeObject | undefined;
  #plan: Plan | undefined;
  #active = false;
  proofs: readonly Proof[] = [];

  constructor(session: SessionContext, rules: LiveRules) {
    this.#session = session;
    this.#rules = rules;
  }

  stats(): readonly ForwardStats[] {
    return this.#keeper?.stats() ?? [];
  }

  /** Resolves when the shadow is ready, with its ports leading to our own responder. */
  async provision(signal: AbortSignal): Promise<void> {
    const { shadow } = this.#session;
    await shadow.create(signal);
    await shadow.ensureRunning(signal);
    this.#responder = await Responder.open();
    signal.throwIfAborted();
    await this.#connect(signal);
    this.#pod = await shadow.ready(signal);
  }

  /** Writes the rules, proves them, and only then points the forwards at the user's ports. */
  async route(signal: AbortSignal): Promise<void> {
    const { emit } = this.#session;
    const outcome = await this.#rules.write(signal);
    if ('refused' in outcome) throw refusedError(outcome.refused);
    this.#plan = outcome.done;
    emit({ type: 'progress', message: 'proving that requests arrive' });
    this.proofs = await this.#prove(outcome.done, signal);
    emit({ type: 'proof', proofs: this.proofs });
  }

  activate(): void {
    this.#active = true;
    const responder = this.#responder;
    // Ending its connections makes proxies dial again, now to the user's port.
    responder?.[Symbol.asyncDispose]().catch((error: unknown) =>
      this.#session.deps.log('The responder did not close', { error: String(error) }),
    );
    if (this.#plan !== undefined) this.#rules.follow(this.#plan);
    if (this.#keeper?.tunnel === undefined) this.#rules.tunnelDown('the tunnel was lost');
  }

  /** The session ends: requests on their way are still answered, but nothing is made for later ones. */
  retire(): void {
    this.#keeper?.retire();
  }

  async close(): Promise<void> {
    await this.#keeper?.close();
    await this.#responder?.[Symbol.asyncDispose]();
  }

  /** Resolves once the tunnel is up for the first time. Goes on trying until the signal aborts or the time is up. */
  async #connect(signal: AbortSignal): Promise<void> {
    const { deps, timing, prepared, shadow, options, emit } = this.#session;
    const up = deferred<void>();
    emit({ type: 'progress', message: 'connecting the tunnel' });
    this.#keeper = new TunnelKeeper({
      cluster: deps.cluster,
      clock: deps.clock,
      timing,
      log: deps.log,
      provider: deps.tunnel,
      agent: prepared.agent,
      pod: shadow.pod,
      forwards: this.#forwards(),
      random: Math.random,
      prepare: (abort) => shadow.ensureRunning(abort),
      onUp: () => {
        up.resolve();
        if (this.#active) this.#rules.tunnelUp();
      },
      onDown: (why) => {
        if (this.#active) this.#rules.tunnelDown(why);
      },
      onFailed: (attempt, error) => {
        const message = attemptMessage(attempt, error);
        if (message !== undefined) emit({ type: 'progress', message });
      },
      onFatal: (error) => {
        up.reject(error);
        this.#session.fail(error);
      },
    });
    this.#keeper.start();
    const waiting = new AbortController();
    const late = deps.clock.sleep(options.readyTimeoutMs, AbortSignal.any([waiting.signal, signal])).then(() => {
      if (!waiting.signal.aborted) up.reject(signal.aborted ? signal.reason : notConnected(options.readyTimeoutMs));
    });
    try {
      await up.promise;
    } finally {
      waiting.abort();
      await late;
    }
  }

  #forwards(): readonly ForwardSpec[] {
    return this.#session.prepared.ports.map((port) => ({
      port: port.containerPort,
      to: () => (this.#active || this.#responder === undefined ? port.local : this.#responder.address),
    }));
  }

  async #prove(plan: Plan, signal: AbortSignal): Promise<readonly Proof[]> {
    const { deps, prepared, shadow, timing, mesh } = this.#session;
    const tunnel = this.#keeper?.tunnel;
    const open = tunnel?.open;
    const pod = this.#pod;
    const sidecar = prepared.needs.sidecar && pod !== undefined && mesh.adapter.inMesh(pod);
    const client: Client = sidecar ? { kind: 'sidecar', namespace: shadow.pod.namespace, labels: metaOf(pod).labels } : { kind: 'none' };
    if (this.#responder === undefined) return [];
    return await prove({
      tables: plan.after.tables,
      change: prepared.change,
      match: prepared.session.match,
      client,
      ...(mesh.env.envoy === undefined ? {} : { envoy: mesh.env.envoy }),
      ...(open === undefined || tunnel === undefined ? {} : { open: (host: string, port: number) => open.call(tunnel, host, port) }),
      responder: this.#responder,
      clock: deps.clock,
      timing,
      signal,
    });
  }
}

function notConnected(timeoutMs: number): UserError {
  return new UserError({
    code: 'tunnel-timeout',
    exit: 'cluster',
    message: `The tunnel to the shadow's pod could not be connected within ${Math.round(timeoutMs / 1000)} s`,
    next: ['Check that you may create pods/portforward in the namespace', 'Run heddle doctor'],
  });
}
