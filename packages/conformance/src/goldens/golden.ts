import type { Client, KubeObject } from '@heddle/core';

/** One recorded answer, in the words of core's `Answer`; pods as `namespace/name`. */
export interface RecordedOutcome {
  readonly probability: number;
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly pods?: readonly string[];
  readonly status?: number;
  readonly reason?: string;
}

export interface RecordedMirror {
  readonly host: string;
  readonly port?: number;
  readonly subset?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly percent: number;
}

export interface RecordedAnswer {
  readonly status?: number;
  readonly outcomes: readonly RecordedOutcome[];
  readonly protocol?: string;
  readonly mirrors?: readonly RecordedMirror[];
  readonly faults?: unknown;
  readonly redirect?: { readonly code: number; readonly location: string };
  readonly body?: string;
  readonly seen?: { readonly path: string; readonly authority: string };
  readonly route?: string;
  readonly envoy?: string;
}

export interface GoldenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly observed: RecordedAnswer;
  /** What Envoy before 1.39 answers, where that differs. */
  readonly observedOlderEnvoy?: RecordedAnswer;
}

/** A recorded case: objects, who calls, and what came of each request. */
export interface Golden {
  readonly id: string;
  readonly title: string;
  readonly mesh: string;
  /** Without the objects that the mesh's webhook or the CRD's schema refused. */
  readonly objects: readonly KubeObject[];
  readonly client: Client;
  readonly requests: readonly GoldenRequest[];
}
