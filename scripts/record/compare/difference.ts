import type { Answer } from '@heddle/core';

/** Where an observed answer and ours part. */
export interface Difference {
  /** Which request of the case; -1: about which objects are refused. */
  readonly request: number;
  readonly url: string;
  readonly says: string;
  /** Which envoy it is about. */
  readonly envoy: string;
  readonly answer?: Answer;
}

export interface Comparison {
  readonly right: number;
  readonly differences: readonly Difference[];
  /** Requests that the adapter does not claim to answer, by feature. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Differences that a limit of recording accounts for, by its name. */
  readonly explained: Readonly<Record<string, number>>;
}
