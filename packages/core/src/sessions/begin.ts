import { isUserError } from '../errors/user-error.js';
import type { Refusal } from '../model/change.js';
import { recoverSession } from './clean/recover.js';
import { cleanDepsOf } from './deps.js';
import { type Preparation, type Prepared, prepare } from './prepare.js';
import { refusedError } from './refused.js';
import type { CleanReport, SessionDeps, SessionEvent, SessionOptions, SessionPlan, SessionPlanning } from './types.js';

/**
 * What a session would do, without doing any of it. Refusals are data. Throws input errors (`unknown-service`, `unknown-port`, `duplicate-port`),
 * `pod-security` when a dry run of the shadow's pod is not admitted, and what the API server refuses.
 */
export async function planSession(deps: SessionDeps, options: SessionOptions): Promise<SessionPlanning> {
  const preparation = await prepare(deps, options);
  if ('prepared' in preparation) return { session: preparation.prepared.session };
  const dead = preparation.dead.map(
    ({ record, standing }): Refusal => ({
      code: 'left-over-session',
      message: `Session ${record.id} of ${record.startedBy.user} on the same requests is over (${standing.why}), but its rules still stand`,
      instead: `heddle sessions recover ${record.id}, which starting the session does by itself`,
    }),
  );
  return { refused: [...preparation.refused, ...dead] };
}

export interface BeginHooks {
  emit(event: SessionEvent): void;
  confirm?(session: SessionPlan): Promise<boolean>;
}

/**
 * Plans, asks, and cleans up after dead sessions that are in the way: so that one's own crash never blocks. `undefined`: not confirmed.
 * Throws refusals as a `UserError` with exit `refused`.
 */
export async function begin(
  deps: SessionDeps,
  options: SessionOptions,
  hooks: BeginHooks,
  signal: AbortSignal,
): Promise<Prepared | undefined> {
  let preparation = await prepare(deps, options);
  signal.throwIfAborted();
  // Rules of a dead session may be the very reason for the refusal. They can go without asking: nothing of anybody's depends on them.
  if ('refused' in preparation && preparation.dead.length > 0) {
    await clearAway(deps, preparation, hooks);
    preparation = await prepare(deps, options);
  }
  const { orphans = [] } = preparation;
  if (orphans.length > 0) {
    for (const id of orphans) await clearOrphan(deps, { namespace: options.service.namespace, id }, hooks);
    preparation = await prepare(deps, options);
  }
  if ('refused' in preparation) throw refusedError(preparation.refused);
  hooks.emit({ type: 'planned', session: preparation.prepared.session });
  if (hooks.confirm !== undefined && !(await orAborted(hooks.confirm(preparation.prepared.session), signal))) return undefined;
  signal.throwIfAborted();
  await clearAway(deps, preparation, hooks);
  return preparation.prepared;
}

/** An unanswered question does not keep a session from ending. */
async function orAborted(asked: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const aborted = new Promise<boolean>((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true, signal: over.signal });
  });
  return await Promise.race([asked, aborted]).finally(() => over.abort());
}

async function clearAway(deps: SessionDeps, { dead }: Pick<Preparation, 'dead'>, hooks: BeginHooks): Promise<void> {
  for (const { record, standing } of dead) {
    hooks.emit({ type: 'progress', message: `cleaning up session ${record.id} of ${record.startedBy.user} (${standing.why})` });
    const report = await recoverSession(cleanDepsOf(deps), { namespace: record.namespace, id: record.id }, { force: false });
    refuseLeft(report, record.id, `Session ${record.id} of ${record.startedBy.user} on the same requests is over`);
  }
}

async function clearOrphan(
  deps: SessionDeps,
  session: { readonly namespace: string; readonly id: string },
  hooks: BeginHooks,
): Promise<void> {
  hooks.emit({ type: 'progress', message: `removing rules of session ${session.id}, which has no record any more` });
  try {
    const report = await recoverSession(cleanDepsOf(deps), session, { force: false });
    refuseLeft(report, session.id, `Session ${session.id} is over, and has no record any more`);
  } catch (error) {
    // Somebody else was faster.
    if (!isUserError(error) || error.code !== 'unknown-session') throw error;
  }
}

function refuseLeft({ left: [left] }: CleanReport, id: string, isOver: string): void {
  if (left === undefined) return;
  throw refusedError([
    {
      code: 'left-over-session',
      message: `${isOver}, but could not be cleaned up: ${left.why}`,
      instead: `heddle sessions recover ${id}`,
      ref: left.ref,
    },
  ]);
}
