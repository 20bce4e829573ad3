import type { Cluster } from '../../contracts/cluster.js';
import type { Agent, ForwardSpec, ForwardStats, Log, Tunnel, TunnelClosed, TunnelProvider } from '../../contracts/tunnel-provider.js';
import { isUserError } from '../../errors/user-error.js';
import type { PodRef } from '../../model/table.js';
import type { Timing } from '../timing.js';
import type { Clock } from '../types.js';

export interface KeeperOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Log;
  readonly provider: TunnelProvider;
  readonly agent: Agent;
  readonly pod: PodRef;
  readonly forwards: readonly ForwardSpec[];
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Awaited before every attempt: the agent's container must run. */
  prepare(signal: AbortSignal): Promise<void>;
  onUp(): void;
  onDown(why: string): void;
  /** One more attempt in a row came to nothing; another follows. */
  onFailed(attempt: number, error: Error): void;
  /** Trying again cannot help. No further attempt is made. */
  onFatal(error: Error): void;
}

/** Codes with which a provider says that another attempt cannot help (see `TunnelProvider.connect`). */
const FATAL = ['tunnel-auth', 'tunnel-refused'];

/** Keeps one tunnel connected: reconnects with exponential back-off and jitter until closed, and adds up what its tunnels carried. */
export class TunnelKeeper {
  readonly #options: KeeperOptions;
  readonly #over = new AbortController();
  #last = false;
  readonly #past = new Map<number, ForwardStats>();
  #tunnel: Tunnel | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** The tunnel that is connected now. */
  get tunnel(): Tunnel | undefined {
    return this.#tunnel;
  }

  start(): void {
    this.#loop ??= this.#run(this.#over.signal);
  }

  stats(): readonly ForwardStats[] {
    const now = new Map((this.#tunnel?.stats() ?? []).map((stats) => [stats.port, stats]));
    return this.#options.forwards.map(({ port }) => sum(this.#past.get(port), now.get(port), port));
  }

  /** The tunnel that is connected now is the last one: it is not closed, and not connected again when it is lost. */
  retire(): void {
    this.#last = true;
    if (this.#tunnel === undefined) this.#over.abort();
  }

  /** Ends the tunnel and all attempts. Idempotent. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#tunnel?.[Symbol.asyncDispose]();
    await this.#loop;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, timing, random } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const closed = await this.#once(signal, () => {
          failures = 0;
        });
        if (closed === undefined || this.#last) return;
        this.#options.onDown(lostBecause(closed));
        if (!closed.retry) return this.#options.onFatal(asError(closed.cause, `The tunnel was closed (${closed.why})`));
      } catch (error) {
        if (signal.aborted) return;
        if (isUserError(error) && FATAL.includes(error.code)) return this.#options.onFatal(error);
        failures += 1;
        this.#options.onFailed(failures, asError(error, String(error)));
      }
      const longest = Math.min(timing.backOffMaxMs, timing.backOffFirstMs * 2 ** Math.min(failures, 16));
      await clock.sleep(longest * (0.5 + random() / 2), signal);
    }
  }

  /** One tunnel from connecting to its end; `undefined` when the keeper was closed meanwhile. */
  async #once(signal: AbortSignal, connected: () => void): Promise<TunnelClosed | undefined> {
    const { provider, cluster, agent, forwards, log, pod } = this.#options;
    await this.#options.prepare(signal);
    const tunnel = await provider.connect((port, abort) => cluster.openPort(pod, port, abort), agent, forwards, { signal, log });
    try {
      if (signal.aborted) return undefined;
      this.#tunnel = tunnel;
      connected();
      this.#options.onUp();
      // Not even a tunnel that never says that it is closed keeps a session from ending.
      const closed = await Promise.race([tunnel.closed, aborted(signal)]);
      return signal.aborted ? undefined : closed;
    } finally {
      for (const stats of tunnel.stats()) this.#past.set(stats.port, { ...sum(this.#past.get(stats.port), stats, stats.port), open: 0 });
      this.#tunnel = undefined;
      await tunnel[Symbol.asyncDispose]();
    }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function sum(a: ForwardStats | undefined, b: ForwardStats | undefined, port: number): ForwardStats {
  return {
    port,
    open: (a?.open ?? 0) + (b?.open ?? 0),
    total: (a?.total ?? 0) + (b?.total ?? 0),
    failed: (a?.failed ?? 0) + (b?.failed ?? 0),
    bytesIn: (a?.bytesIn ?? 0) + (b?.bytesIn ?? 0),
    bytesOut: (a?.bytesOut ?? 0) + (b?.bytesOut ?? 0),
  };
}

function lostBecause(closed: TunnelClosed): string {
  const cause = closed.cause instanceof Error ? `: ${closed.cause.message}` : '';
  return `the tunnel was ${closed.why === 'lost' ? 'lost' : `closed (${closed.why})`}${cause}`;
}

function asError(cause: unknown, message: string): Error {
  return cause instanceof Error ? cause : new Error(message, cause === undefined ? undefined : { cause });
}
