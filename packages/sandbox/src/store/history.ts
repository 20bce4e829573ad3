import type { KubeObject } from '@heddle/core';
import { expired } from './api-error.js';
import type { KindSpec } from './kinds.js';
import { compileFilter, type Filter } from './selector.js';

/** One stored change. `object` of a `deleted` one is its last state with the revision of the deletion. */
export interface Change {
  readonly revision: number;
  readonly type: 'added' | 'modified' | 'deleted';
  readonly kind: KindSpec;
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

export type WatchedChange = Pick<Change, 'type' | 'object'>;

type Listener = (change: Change) => void;

/** The last changes, for watches that begin in the past, and those who want to hear of the next ones. */
export class History {
  readonly #limit: number;
  #changes: Change[] = [];
  #compacted = 0;
  readonly #listeners = new Set<Listener>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Everything up to this revision is forgotten. */
  get compacted(): number {
    return this.#compacted;
  }

  push(change: Change): void {
    this.#changes.push(change);
    const surplus = this.#changes.length - this.#limit;
    // In blocks, so that a full history does not copy itself at every change.
    if (surplus > this.#limit / 4) this.compact(this.#changes[surplus - 1]?.revision ?? 0);
    for (const listener of [...this.#listeners]) listener(change);
  }

  compact(revision: number): void {
    this.#compacted = Math.max(this.#compacted, revision);
    this.#changes = this.#changes.filter((change) => change.revision > revision);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls back for every change of the kind after `since`: past ones at once, later ones as they come.
   * An object that begins or ceases to match the filter counts as added or deleted. Throws 410 when `since` is forgotten.
   */
  watch(kind: KindSpec, filter: Filter, since: number, listener: (change: WatchedChange) => void): () => void {
    if (since < this.#compacted) throw expired(since, this.#compacted);
    const test = compileFilter(filter);
    const deliver: Listener = (change) => {
      if (change.kind !== kind || change.revision <= since) return;
      const type = typeFor(change, test);
      if (type !== undefined) listener({ type, object: change.object });
    };
    const stop = this.listen(deliver);
    for (const change of [...this.#changes]) deliver(change);
    return stop;
  }
}

function typeFor(change: Change, test: (object: KubeObject) => boolean): Change['type'] | undefined {
  const before = change.previous !== undefined && test(change.previous);
  const after = change.type !== 'deleted' && test(change.object);
  if (before && after) return 'modified';
  if (after) return 'added';
  return before ? 'deleted' : undefined;
}
