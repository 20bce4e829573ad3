import type { ServerResponse } from 'node:http';
import { clusterReason } from '@heddle/core';
import type { Store, WatchedChange } from '../store/index.js';
import { type Call, filterOf } from './call.js';
import { notImplemented, statusOf } from './errors.js';
import { render } from './objects.js';

/** Streams changes as JSON lines until the client goes, the time is up, or history is too short. */
export function streamWatch(store: Store, call: Call, response: ServerResponse, bookmarkMs: number): void {
  const { kind, apiVersion, query } = call;
  if (query.get('sendInitialEvents') === 'true') throw notImplemented('a watch with sendInitialEvents');
  const from = query.get('resourceVersion') ?? '';
  const since = Number(from);
  if (Number.isNaN(since))
    throw new Error(`resourceVersion: Invalid value: "${from}": strconv.ParseUint: parsing "${from}": invalid syntax`);
  const atOnce = since === 0 ? store.list(kind, filterOf(call)) : [];
  const send = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
  const deliver = ({ type, object }: WatchedChange) => send(type.toUpperCase(), render(store, call, object));
  const bookmark = () => {
    const metadata = { resourceVersion: String(store.revision), creationTimestamp: null };
    if (/^(true|1)$/.test(query.get('allowWatchBookmarks') ?? '')) send('BOOKMARK', { kind: kind.kind, apiVersion, metadata });
  };
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  for (const object of atOnce) deliver({ type: 'added', object });
  try {
    const stop = store.history.watch(kind, filterOf(call), since || store.revision, deliver);
    const seconds = Number(query.get('timeoutSeconds')) || 3600;
    const timers = [setInterval(bookmark, bookmarkMs), setTimeout(() => response.end(), seconds * 1000)];
    response.on('close', () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    });
  } catch (error) {
    if (clusterReason(error) !== 'Expired') throw error;
    send('ERROR', statusOf(error));
    response.end();
  }
}
