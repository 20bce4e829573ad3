import { messageOf } from '../../errors/message-of.js';
import type { Refusal } from '../../model/change.js';
import type { KubeObject } from '../../model/object.js';
import { unreadReason } from '../../model/observed.js';
import { simulate } from '../../plan/simulate.js';
import type { Plan } from '../../plan/types.js';
import { refusedError } from '../refused.js';
import type { SessionContext } from '../session-context.js';
import { watchShadow } from '../shadow/watch-shadow.js';
import { routingQueries, versionKey, watchDrift } from './drift-watch.js';
import { Router } from './router.js';
import { type RuleOutcome, writeRules } from './write-rules.js';

/**
 * The rules of a session that runs: written once to start with, then withdrawn while the shadow cannot be reached and encoded anew when the
 * foreign rules move.
 */
export class LiveRules {
  readonly #session: SessionContext;
  readonly #router: Router;
  readonly #over = new AbortController();
  readonly #ownVersions = new Set<string>();
  #condition: 'suspended' | 'drifted' | undefined;
  #why = '';
  #drops = 0;
  #down = false;
  #withdrawn = false;
  #hasTunnel = true;
  #watching: Promise<unknown> | undefined;
  #returning: Promise<void> = Promise.resolve();

  constructor(session: SessionContext) {
    this.#session = session;
    this.#router = new Router({
      clock: session.deps.clock,
      timing: session.timing,
      write: (wanted, signal, veto) => this.#write(wanted, signal, veto),
      onMoved: (wanted) => {
        if (wanted === 'in') this.#clear('resumed', 'the shadow can be reached again, and the rules are written again');
      },
      onReEncoded: (why) => {
        this.#clear('re-encoded', `after a change of ${why}`);
      },
      onSettled: () => {
        if (this.#condition === 'drifted') this.#clear('re-encoded', 'the foreign rules are back to what this session fits');
      },
      onDrifted: (why) => this.#set('drifted', why),
      onError: (error) => session.fail(error),
    });
  }

  /** The first write. Throws a refusal and what the API server refuses. */
  write(signal: AbortSignal): Promise<RuleOutcome> {
    return this.#write('in', signal);
  }

  /** From now on the session looks after its rules. */
  follow(plan: Plan): void {
    const { deps, mesh, prepared } = this.#session;
    const named = mesh.adapter.reads({ services: prepared.change.services }, plan.seen, mesh.env);
    const queries = routingQueries(named).filter((query) => unreadReason(plan.seen, query) === undefined);
    const isOurs = (object: KubeObject) => this.#ownVersions.has(versionKey(object));
    const asWritten = simulate(plan.seen, plan.edits);
    const { signal } = this.#over;
    const { pod, agent } = this.#session.shadow;
    this.#watching = Promise.all([
      watchDrift(deps.cluster, queries, signal, asWritten, isOurs, (change) => this.#router.changed(change)).catch(
        this.#unwatched('drift-unwatched', 'Changes of the foreign rules are not seen any more'),
      ),
      watchShadow(deps.cluster, pod, agent, signal, (why) => this.#shadowDown(why)).catch(
        this.#unwatched('shadow-unwatched', 'Whether the pod of the shadow is ready is not seen any more'),
      ),
    ]);
  }

  /** Nobody answers behind the rule: it is withdrawn, or left, as the options say. */
  tunnelDown(why: string): void {
    this.#hasTunnel = false;
    this.#suspend(why, this.#session.options.onLost === 'fallback');
  }

  tunnelUp(): void {
    this.#hasTunnel = true;
    if (this.#down) this.#returning = this.#return(this.#drops);
  }

  /** The rule is withdrawn also where the options would leave it, if everybody's requests suffer from a shadow that is not ready. */
  #shadowDown(why: string): void {
    const { options, prepared } = this.#session;
    const withdraw = options.onLost === 'fallback' || prepared.needs.readyWithoutTunnel === true;
    // A lost tunnel is the better reason: without it the pod may not be ready either.
    this.#suspend(this.#down ? undefined : why, withdraw);
    if (this.#hasTunnel && this.#down) this.#returning = this.#return(this.#drops);
  }

  #suspend(why: string | undefined, withdraw: boolean): void {
    if (this.#over.signal.aborted) return;
    this.#drops += 1;
    this.#down = true;
    if (why !== undefined) this.#set('suspended', why);
    if (!withdraw) return;
    this.#withdrawn = true;
    this.#router.want('out');
  }

  /** The session ends: what becomes of the shadow from now on is nothing to be told. */
  retire(): void {
    this.#over.abort();
  }

  /** No write starts after this, and none is under way any more once it resolves. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#router.close();
    await this.#returning;
    await this.#watching;
  }

  /** Endpoints first, then the rule. A shadow that is not ready in time is waited for again, for as long as this tunnel is up. */
  async #return(drops: number): Promise<void> {
    const { deps, timing } = this.#session;
    const { signal } = this.#over;
    const isCurrent = () => !signal.aborted && drops === this.#drops;
    while (!(await this.#isReady(isCurrent))) {
      if (!isCurrent()) return;
      await deps.clock.sleep(timing.backOffMaxMs, signal).catch(() => undefined);
    }
    if (!isCurrent()) return;
    this.#down = false;
    if (this.#withdrawn) this.#router.want('in');
    else this.#clear('resumed', 'the tunnel is back');
    this.#withdrawn = false;
  }

  async #isReady(isCurrent: () => boolean): Promise<boolean> {
    const { shadow, deps, timing } = this.#session;
    const { signal } = this.#over;
    try {
      await shadow.ready(signal);
      await deps.clock.sleep(timing.settleMs, signal);
      return true;
    } catch (error) {
      if (isCurrent()) this.#set('suspended', `the tunnel is up, but the shadow is not ready: ${messageOf(error)}`);
      return false;
    }
  }

  async #write(wanted: 'in' | 'out', signal: AbortSignal, veto?: () => Refusal | undefined): Promise<RuleOutcome> {
    const { mesh, prepared, holder, memory, emit, deps, timing } = this.#session;
    const outcome = await writeRules({
      mesh,
      change: wanted === 'in' ? prepared.change : { ...prepared.change, versions: [], intents: [] },
      guard: holder,
      recorded: [],
      memory,
      signal,
      ...(veto === undefined ? {} : { veto }),
      onProgress: (message) => emit({ type: 'progress', message }),
      onStored: (object) => this.#ownVersions.add(versionKey(object)),
      settle: () => deps.clock.sleep(timing.settleMs, signal),
    });
    // Requests of others come to the shadow, and only its end puts a stop to that.
    if ('refused' in outcome && outcome.refused.some(({ code }) => code === 'shadow-leak'))
      this.#session.fail(refusedError(outcome.refused));
    return outcome;
  }

  #unwatched(code: string, message: string): (error: unknown) => void {
    return (error) => {
      if (!this.#over.signal.aborted) this.#session.emit({ type: 'warning', code, message: `${message}: ${String(error)}` });
    };
  }

  #set(condition: 'suspended' | 'drifted', why: string): void {
    if (this.#condition === condition && this.#why === why) return;
    this.#condition = condition;
    this.#why = why;
    this.#session.emit({ type: 'condition', condition, why });
    this.#record((record) => ({ ...record, condition: { name: condition, why } }));
  }

  #clear(condition: 'resumed' | 're-encoded', why: string): void {
    const had = this.#condition !== undefined;
    // Encoded anew does not bring a lost tunnel back.
    const over = condition === 'resumed' || this.#condition !== 'suspended';
    if (over) {
      this.#condition = undefined;
      this.#why = '';
    }
    this.#session.emit({ type: 'condition', condition, why });
    if (had && over) this.#record(({ condition: _over, ...record }) => record);
  }

  /** The record tells others; that it cannot be written now is no reason to end. */
  #record(change: Parameters<SessionContext['holder']['update']>[0]): void {
    const { holder, deps } = this.#session;
    holder.update(change).catch((error: unknown) => deps.log('The condition could not be recorded', { error: String(error) }));
  }
}
