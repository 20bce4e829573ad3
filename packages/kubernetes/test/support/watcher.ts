import { type Cluster, metaOf, type WatchEvent } from '@heddle/core';
import { expect, onTestFinished, vi } from 'vitest';

/** A running watch whose events are kept as words: `added a=1`, `synced`. */
export interface Watcher {
  readonly words: string[];
  readonly events: WatchEvent[];
  readonly stop: AbortController;
  /** Resolves when the watch ends, rejects when it throws. */
  readonly done: Promise<void>;
  /** Waits until the words are exactly these. */
  says(...words: string[]): Promise<void>;
  /** What is there, by the events alone; throws when an event contradicts the ones before. */
  state(): Record<string, string>;
}

export function startWatch(cluster: Cluster): Watcher {
  const stop = new AbortController();
  const words: string[] = [];
  const events: WatchEvent[] = [];
  const run = async () => {
    for await (const event of cluster.watch({ group: '', kind: 'ConfigMap', namespace: 'n' }, stop.signal)) {
      events.push(event);
      words.push(event.object === undefined ? event.type : `${event.type} ${metaOf(event.object).name}=${event.object.data}`);
    }
  };
  const done = run();
  done.catch(() => {});
  onTestFinished(async () => {
    stop.abort();
    await done.catch(() => {});
  });
  return {
    words,
    events,
    stop,
    done,
    says: (...expected) => vi.waitFor(() => expect(words).toEqual(expected), { timeout: 5_000, interval: 10 }),
    state: () => replay(events),
  };
}

function replay(events: readonly WatchEvent[]): Record<string, string> {
  const state = new Map<string, string>();
  for (const { type, object } of events) {
    if (object === undefined) continue;
    const { name } = metaOf(object);
    expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(`${type} known=${state.has(name)}`).toBe(`${type} known=${type !== 'added'}`);
    if (type === 'deleted') state.delete(name);
    else state.set(name, String(object.data));
  }
  return Object.fromEntries(state);
}
