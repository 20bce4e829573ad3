import type { Labels } from './object.js';
import type { Fault, Origin, PodRef } from './table.js';

/** One way that a request can go, with its exact probability. */
export interface Outcome {
  readonly probability: number;
  /** FQDN, or `PassthroughCluster`. */
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
  readonly labels?: Labels;
  readonly version?: string;
  /** Pods that may answer, each as likely as the others. */
  readonly pods?: readonly PodRef[];
  readonly status?: number;
  /** NC: no such cluster; UH: no healthy endpoint. */
  readonly reason?: 'NC' | 'UH';
}

export interface MirrorOutcome {
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
  readonly labels?: Labels;
  readonly percent: number;
  readonly pods: readonly PodRef[];
  readonly reason?: 'NC' | 'UH';
}

/** Why a rule was passed over, or that it matched. */
export interface TraceStep {
  readonly origins: readonly Origin[];
  readonly label?: string;
  readonly matched: boolean;
  /** The first condition that failed, of the match that came furthest: `header end-user: expected exact jason, got absent`. */
  readonly because: string;
}

/** What becomes of a request, in the words of the recorded cases (goldens). */
export interface Answer {
  /** What the caller gets, faults not drawn. Absent when outcomes differ, for passthrough and closed TCP connections. */
  readonly status?: number;
  readonly outcomes: readonly Outcome[];
  readonly protocol?: 'tcp';
  readonly mirrors?: readonly MirrorOutcome[];
  readonly faults?: Fault;
  readonly redirect?: { readonly code: number; readonly location: string };
  readonly body?: string;
  /** Path and authority at the backend, after rewrites. */
  readonly seen?: { readonly path: string; readonly authority: string };
  /** Which rule, or `implicit`, `none`, `passthrough`, `blocked`, `tcp`. */
  readonly route?: string;
  readonly decidedBy?: readonly Origin[];
  readonly trace: readonly TraceStep[];
  readonly notes: readonly string[];
}
