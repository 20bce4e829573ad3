import { ClusterError, clusterReason, type KubeObject, type WatchEvent } from '@heddle/core';
import type { Listing } from '../api/lists.js';
import type { Timing } from '../transport/timing.js';
import { createBackoff } from './backoff.js';
import { readLine } from './events.js';
import { createKnown } from './known.js';
import { linesOf } from './lines.js';

export interface WatchSource {
  list(signal: AbortSignal): Promise<Listing>;
  /** The stream of a watch from a version on; it ends or fails when the connection does. */
  open(resourceVersion: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Fills in what a kind's events leave out. */
  complete(object: KubeObject): KubeObject;
}

/** So often in a row may a server refuse (401, 403, 404) a watch that ran before; RBAC and logins can be away for a moment. */
const REFUSALS = 5;
/** So often in a row may a watch fail at one version before it is taken that the version is to blame, and listed anew. */
const STUCK = 3;
/** A connection that lived this long did its work even if nothing happened on it. Ms. */
const LIVED = 5_000;

/**
 * Lists and watches until the signal aborts. Before `synced` any error is thrown; after it connections are made anew without an end,
 * and only refusals that last are thrown. An event is never lost: a watch goes on from the last version that was handed out, and
 * where the server does not have that any more (410), the fresh list's difference is handed out.
 */
export async function* watchObjects(
  source: WatchSource,
  signal: AbortSignal,
  timing: Pick<Timing, 'backoff'>,
): AsyncGenerator<WatchEvent, void> {
  const known = createKnown();
  const backoff = createBackoff(timing.backoff);
  let synced = false;
  let version: string | undefined;
  let refusals = 0;
  let stuck = 0;

  while (!signal.aborted) {
    let opened = false;
    let progress = false;
    const began = performance.now();
    try {
      if (version === undefined) {
        const listing = await source.list(signal);
        for (const event of known.reconcile(listing.items)) yield event;
        if (!synced) yield { type: 'synced' };
        synced = true;
        version = listing.resourceVersion;
        stuck = 0;
      }
      const stream = await source.open(version, signal);
      opened = true;
      refusals = 0;
      for await (const text of linesOf(stream)) {
        const line = readLine(text);
        if (line.type === 'broken') break;
        if (line.type === 'error')
          throw new ClusterError({ reason: line.code === 410 ? 'Gone' : line.reason, status: line.code, message: line.message });
        progress ||= line.resourceVersion !== version;
        version = line.resourceVersion;
        if (line.type === 'bookmark') continue;
        const object = source.complete(line.object);
        for (const event of line.type === 'put' ? known.put(object) : known.remove(object)) {
          yield event;
          if (signal.aborted) return;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!synced) throw error;
      const reason = clusterReason(error);
      if (reason === 'Gone') version = undefined;
      else if (isRefusal(error)) {
        refusals += 1;
        if (refusals >= REFUSALS) throw error;
      } else if (reason === undefined && !isConnectionLoss(error)) throw error;
    }
    progress ||= performance.now() - began > LIVED;
    stuck = progress ? 0 : stuck + (opened ? 1 : 0);
    if (stuck >= STUCK) version = undefined;
    await backoff.wait(progress, signal);
  }
}

function isRefusal(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 0;
  return (status >= 400 && status < 500 && status !== 429) || ['Untrusted', 'Unauthorized'].includes(clusterReason(error) ?? '');
}

/** A stream that breaks off fails with Node's own error, which has a code; anything without one is our own mistake. */
function isConnectionLoss(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
