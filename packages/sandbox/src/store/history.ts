import type { KubeObject } from '@heddle/core';
import { ApiError } from './api-error.js';
import type { KindSpec } from './kinds.js';
import { compileFilter, type Filter } from './selector.js';

/** One stored change. `object` of a `deleted` one is its last state with the revision of the deletion. */
export interface Change {
  readonly revision: number;
  readonly type: 'added' | 'modified' | 'deleted';
  readonly kind: KindSpec;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

export type WatchedChange = Pick<Change, 'type' | 'object'>;

/** The last changes, for watches that begin in the past, and those who want to hear of the next ones. */
export class History {
  readonly #limit: number;
  readonly #listeners = new Set<(change: Change) => void>();
  #changes: Change[] = [];
  /** Everything up to this revision is forgotten. */
  compacted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(change: Change): void {
    this.#changes.push(change);
    const surplus = this.#changes.length - this.#limit;
    // In blocks, so that a full history does not copy itself at every change.
    if (surplus > this.#limit / 4) this.compact(this.#changes[surplus - 1]?.revision ?? 0);
    for (const listener of [...this.#listeners]) listener(change);
  }

  compact(revision: number): void {
    this.compacted = Math.max(this.compacted, revision);
    this.#changes = this.#changes.filter((change) => change.revision > revision);
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls back for every change of the kind after `since`: past ones at once, later ones as they come.
   * An object that begins or ceases to match the filter counts as added or deleted. Throws 410 when `since` is forgotten.
   */
  watch(kind: KindSpec, filter: Filter, since: number, listener: (change: WatchedChange) => void): () => void {
    if (since < this.compacted) throw new ApiError(410, 'Expired', `too old resource version: ${since} (${this.compacted})`);
    const test = compileFilter(filter);
    const deliver = ({ revision, type, object, previous, ...change }: Change) => {
      if (change.kind !== kind || revision <= since) return;
      const before = previous !== undefined && test(previous);
      const after = type !== 'deleted' && test(object);
      if (before || after) listener({ type: before && after ? 'modified' : after ? 'added' : 'deleted', object });
    };
    for (const change of [...this.#changes]) deliver(change);
    return this.listen(deliver);
  }
}
