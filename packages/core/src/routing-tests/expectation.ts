import type { Labels } from '../model/object.js';

/**
 * What a test expects of a request; what it does not name, it does not care about.
 */
export interface Expectation {
  readonly status?: number;
  /** Empty: the request is sent nowhere. */
  readonly outcomes?: readonly ExpectedOutcome[];
  /** Each must be there; others may be. Empty: nothing is mirrored. */
  readonly mirrors?: readonly ExpectedMirror[];
  /** Empty: no faults. */
  readonly faults?: ExpectedFaults;
  readonly redirect?: { readonly code?: number; readonly location?: string };
  readonly seen?: { readonly path?: string; readonly authority?: string };
  readonly protocol?: string;
  readonly body?: string;
}

/**
 * Stands for all answers that fit its keys. With `probability`, theirs sum to it; without, there is at least one, and then nothing goes
 * anywhere else: every answer fits one of the outcomes that the expectation names. Where that does not hold, it is enough that it does
 * when each answer counts for the one outcome only that says most of it.
 */
export interface ExpectedOutcome {
  readonly probability?: number;
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
  /** The `version` label of the Pods that answer, or what the mesh calls them: the subset's name, the tag. */
  readonly version?: string;
  /** Some of the labels. */
  readonly labels?: Labels;
  /** All Pods that may answer. */
  readonly pods?: readonly string[];
  readonly status?: number;
  readonly reason?: string;
}

export interface ExpectedMirror {
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
  readonly version?: string;
  readonly labels?: Labels;
  readonly pods?: readonly string[];
  readonly percent?: number;
}

export interface ExpectedFaults {
  readonly delay?: { readonly percent?: number; readonly ms?: number };
  readonly abort?: { readonly percent?: number; readonly status?: number };
}
