export interface RequestSpec {
  readonly from: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly expect: RequestExpectation;
}

/** What a change may be about. */
export const DIMENSIONS = ['to', 'mirror', 'fault'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What is not named is not looked at. */
export interface RequestExpectation {
  /** Everything as it was for this request before the first step, */
  readonly as?: 'before';
  /** but for these. `to` is where it goes, and with what status. */
  readonly but?: readonly Dimension[];
  /** Path, authority, timeout, retries and headers as they were for this request before the first step, wherever it goes now. */
  readonly keeps?: 'before';
  /** Share by the pods that answer, by name; `{}`: none. */
  readonly reaches?: Readonly<Record<string, number>>;
  /** Probability by destination: a Service of the case's namespace, with `/subset` where the rule names one. `{}`: nobody. */
  readonly to?: Readonly<Record<string, number>>;
  readonly status?: number;
  /** Path at the backend. */
  readonly path?: string;
  readonly authority?: string;
  readonly reason?: 'NC' | 'UH';
  /** Percent by destination; `{}`: none. */
  readonly mirrors?: Readonly<Record<string, number>>;
  /** Percent by the pods that get a copy, by name; `{}`: none. */
  readonly copies?: Readonly<Record<string, number>>;
  /** `false`: none. */
  readonly faults?: false | { readonly delay?: unknown; readonly abort?: unknown };
  /** Of the rule that decides; 0: none. */
  readonly timeoutMs?: number;
}
