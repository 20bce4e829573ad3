import type { Labels } from '../model/object.js';
import type { Expectation } from './expectation.js';
import type { RecordedAnswer } from './recorded-answer.js';

/** Keys and indices from the root of a document. */
export type CasePath = readonly (string | number)[];

/** Who calls, as a case file names it. Labels say which Pod it is: some of them are enough. */
export type TestClient =
  | {
      readonly kind: 'sidecar' | 'gateway';
      readonly namespace?: string;
      readonly labels?: Labels;
      /** Of a Pod or workload, for its labels. */
      readonly name?: string;
    }
  | { readonly kind: 'none' };

export interface TestRequest {
  readonly name?: string;
  readonly method: string;
  readonly url: string;
  /** In order, as spelled; a Host header replaces the URL's. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Partial: what it does not name, it does not care about. */
  readonly expect?: Expectation;
  /** Exact. */
  readonly observed?: RecordedAnswer;
  /** In its place for an Envoy before 1.39. */
  readonly observedOlderEnvoy?: RecordedAnswer;
}

/** One case of a case file: objects, who calls, and what must come of each request. */
export interface RoutingTest {
  readonly id?: string;
  readonly title?: string;
  /** A mesh adapter's id; else the objects tell. */
  readonly mesh?: string;
  /** Envoy's version; else the mesh's, else the newest. */
  readonly envoy?: string;
  /** YAML text, or the objects themselves. */
  readonly objects?: string | readonly unknown[];
  /** Files and folders of objects, relative to the case file. */
  readonly files: readonly string[];
  readonly client: TestClient;
  readonly requests: readonly TestRequest[];
  /** Where it stands in its document. */
  readonly path: CasePath;
}

/** Something in a case file that is not what it should be. */
export interface CaseProblem {
  readonly path: CasePath;
  readonly expected: string;
  readonly received: string;
  /** Of what is there, what an unknown name is likely meant for. */
  readonly nearest?: string;
}
