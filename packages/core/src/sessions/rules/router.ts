import type { Refusal } from '../../model/change.js';
import { describeRef, refKey } from '../../model/object.js';
import { isTransient } from '../retry.js';
import type { Timing } from '../timing.js';
import type { Clock } from '../types.js';
import type { ForeignChange } from './drift-watch.js';
import type { RuleOutcome } from './write-rules.js';

export interface RouterOptions {
  readonly clock: Clock;
  readonly timing: Timing;
  /** `in`: the session's rules as encoded from what stands now; `out`: none. */
  write(wanted: 'in' | 'out', signal: AbortSignal, veto: () => Refusal | undefined): Promise<RuleOutcome>;
  /** The rules are where they were asked to be. */
  onMoved(wanted: 'in' | 'out'): void;
  onReEncoded(why: string): void;
  /** A foreign change left nothing to do. */
  onSettled(): void;
  /** The rules stay as they are, for this reason. */
  onDrifted(why: string): void;
  onError(error: Error): void;
}

const LONGEST_UNREST = 5;

/**
 * Keeps the session's rules as wanted, one write after the other: withdrawn while the tunnel is lost, encoded anew when the foreign rules move.
 * After more than `driftRounds` re-encodings within `driftWindowMs` against one manager it reports the fight and re-encodes no more.
 */
export class Router {
  readonly #options: RouterOptions;
  readonly #over = new AbortController();
  readonly #rounds: { readonly at: number; readonly manager: string }[] = [];
  readonly #changed = new Map<string, ForeignChange>();
  #wanted: 'in' | 'out' = 'in';
  #reached: 'in' | 'out' = 'in';
  #dirty = false;
  /** Somebody waits to be told that the rules are as wanted. */
  #asked = false;
  #fought = false;
  #debounced: Promise<void> | undefined;
  #work: Promise<void> | undefined;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  want(wanted: 'in' | 'out'): void {
    this.#wanted = wanted;
    this.#asked = true;
    this.#start();
  }

  /** A foreign change, to be looked at once things have been quiet for `driftDebounceMs`. */
  changed(change: ForeignChange): void {
    this.#changed.set(refKey(change.ref), change);
    this.#debounced ??= this.#debounce();
  }

  /** No write starts after this, and none is under way any more once it resolves. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#debounced;
    await this.#work;
  }

  async #debounce(): Promise<void> {
    const { clock, timing } = this.#options;
    // In a cluster where something always changes it must not wait for ever.
    for (let turn = 0, seen = -1; turn < LONGEST_UNREST && seen !== this.#changed.size && !this.#over.signal.aborted; turn++) {
      seen = this.#changed.size;
      await clock.sleep(timing.driftDebounceMs, this.#over.signal);
    }
    this.#debounced = undefined;
    this.#start();
  }

  #start(): void {
    this.#dirty = true;
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    for (let failures = 0; this.#dirty && !signal.aborted; ) {
      this.#dirty = false;
      try {
        await this.#once(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (!isTransient(error)) return this.#options.onError(error instanceof Error ? error : new Error(String(error)));
        this.#dirty = true;
        const { clock, timing } = this.#options;
        await clock.sleep(Math.min(timing.backOffMaxMs, timing.backOffFirstMs * 2 ** Math.min(failures++, 16)), signal);
      }
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    const wanted = this.#wanted;
    const changes = new Map(this.#changed);
    this.#changed.clear();
    const asked = this.#asked;
    this.#asked = false;
    const moving = wanted !== this.#reached;
    if (!moving && this.#fought) return asked ? this.#options.onMoved(wanted) : undefined;
    let outcome: RuleOutcome;
    try {
      outcome = await this.#options.write(wanted, signal, () => (moving ? undefined : this.#fight([...changes.values()])));
    } catch (error) {
      for (const [key, change] of changes) if (!this.#changed.has(key)) this.#changed.set(key, change);
      this.#asked ||= asked;
      throw error;
    }
    if ('refused' in outcome) return this.#options.onDrifted(inShort(outcome.refused));
    this.#reached = wanted;
    // Also when they never got away: the tunnel was back before anybody could be reached to withdraw them.
    if (moving || asked) return this.#options.onMoved(wanted);
    if (outcome.wrote) this.#count([...changes.values()]);
    else this.#options.onSettled();
  }

  /** Why not to encode anew once more. Asked only when that would write. */
  #fight(changes: readonly ForeignChange[]): Refusal | undefined {
    const { clock, timing } = this.#options;
    const now = clock.monotonic();
    for (const manager of new Set(changes.map(({ by }) => by))) {
      const recent = this.#rounds.filter((round) => round.manager === manager && now - round.at <= timing.driftWindowMs);
      if (recent.length < timing.driftRounds) continue;
      this.#fought = true;
      const minutes = Math.round(timing.driftWindowMs / 60_000);
      return {
        code: 'drift-fight',
        message:
          `${manager} changed what this session's rules are made from more than ${timing.driftRounds} times within ${minutes} minutes, ` +
          'so they are not encoded anew any more',
        instead: `Keep ${manager} from changing these objects, then start again with heddle mesh`,
      };
    }
    return undefined;
  }

  #count(changes: readonly ForeignChange[]): void {
    const at = this.#options.clock.monotonic();
    for (const manager of new Set(changes.map(({ by }) => by))) this.#rounds.push({ at, manager });
    this.#options.onReEncoded(changes.map(({ ref, by }) => `${describeRef(ref)} by ${by}`).join(', '));
  }
}

/** One reason says enough: the failures of a check are many requests with the same trouble. */
function inShort([first, ...more]: readonly Refusal[]): string {
  return `${first?.message ?? 'refused'}${more.length === 0 ? '' : ` (and ${more.length} more like it)`}`;
}
