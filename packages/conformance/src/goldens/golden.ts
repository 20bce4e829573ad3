import type { Client, KubeObject, RecordedAnswer } from '@heddle/core';

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
  /** All of them, with those that the mesh's webhook or the CRD's schema refused. */
  readonly objects: readonly KubeObject[];
  /** The objects that were refused, as `VirtualService default/reviews`, or without the namespace: the answers are without them. */
  readonly rejected: readonly string[];
  readonly client: Client;
  readonly requests: readonly GoldenRequest[];
}
