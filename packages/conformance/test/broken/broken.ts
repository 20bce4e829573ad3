import type { Break } from './spoil.js';

/** An adapter that gets something wrong. */
export interface Broken {
  /** What it does, after "an adapter that …". */
  readonly title: string;
  readonly broken: Break;
  /** The cases that are meant for it: each must fail wherever it is run. */
  readonly cases: readonly string[];
  /** What their failures must say, so that none fails for another reason. */
  readonly because: RegExp;
}
