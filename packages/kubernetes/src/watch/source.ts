import type { IncomingMessage } from 'node:http';
import { type Collection, listAll, withKind } from '../api/lists.js';
import type { Transport } from '../transport/transport.js';
import type { WatchSource } from './watch.js';

/** A collection of a real API server as something to watch. */
export function watchSource(transport: Transport, collection: Collection): WatchSource {
  const { timing } = transport;
  return {
    list: (signal) => listAll(transport, collection, signal),
    complete: (object) => withKind(object, collection),
    async open(resourceVersion, signal) {
      const seconds = Math.max(1, Math.round((timing.watch * (1 + Math.random() / 4)) / 1000));
      const response = await transport.open({
        act: collection.act('watch'),
        method: 'GET',
        path: collection.path,
        query: { ...collection.selectors, watch: '1', allowWatchBookmarks: 'true', resourceVersion, timeoutSeconds: String(seconds) },
        signal,
      });
      return untilSilent(response, seconds * 1000 + timing.watchGrace);
    },
  };
}

/** The server ends a watch in time; one that is silent for longer has lost its connection without a word. */
async function* untilSilent(response: IncomingMessage, ms: number): AsyncGenerator<Uint8Array> {
  const timer = setTimeout(() => response.destroy(Object.assign(new Error('the watch fell silent'), { code: 'ETIMEDOUT' })), ms);
  try {
    for await (const chunk of response) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
