import type { Client, Feature, KubeObject, Match, MeshEnvironment } from '@heddle/core';

/**
 * One conformance case: objects as users write them, and steps with what must come of each. Data, never a function: the same case runs
 * against any adapter that reads and writes these objects. Files are YAML, one case each (see `parseCase`); `number` is that of the
 * list in the project's notes on mesh semantics.
 */
export interface Case {
  readonly id: string;
  readonly number: number;
  /** One sentence. */
  readonly title: string;
  /** Id of the adapter that the objects are for. */
  readonly mesh: string;
  /**
   * What the case needs: capabilities, and `cluster` for cases that run on a live API server's behaviour (conflicts, rights, crashes)
   * rather than on objects alone. A case whose feature is missing is skipped, and the report names the feature.
   */
  readonly features: readonly (Feature | 'cluster')[];
  readonly environment: Partial<MeshEnvironment>;
  /** Where objects are that do not say so, and what `service` is short for. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** Who calls, by the names that requests use. `mesh` is a pod with a sidecar and no labels unless it says otherwise. */
  readonly clients: Readonly<Record<string, Client>>;
  readonly objects: readonly KubeObject[];
  readonly steps: readonly Step[];
}

/** Each step does one thing and says what must come of it. `mark` gives the state after it a name, for `unchanged`. */
export type Step = { readonly mark?: string } & (
  | ChangeStep
  | ApplyStep
  | EditStep
  | RequestsStep
  | ValuesStep
  | UnchangedStep
  | ForeignEditStep
  | LeaseStep
  | CleanStep
  | CrashStep
  | OverlapStep
);

/** A session's rules for a service; `remove` takes them out again. Planned with both checks of a plan, then applied. */
export interface ChangeSpec {
  readonly session: string;
  readonly remove: boolean;
  /** Conditions that must all hold. */
  readonly match: Match;
  readonly service: string;
  readonly ports: readonly number[];
  readonly realise: 'service' | 'subset' | 'tag';
}

export interface ChangeExpectation {
  /** Codes of the refusals, each once and all of them; nothing may be written then. */
  readonly refused?: readonly string[];
  /** Code of the error that applying throws. */
  readonly fails?: string;
  /** `replace VirtualService cart`, in any order. `[]`: nothing to do. */
  readonly edits?: readonly string[];
  /** Codes of notes that must be among the plan's. */
  readonly notes?: readonly string[];
  /** Plans that applying took. */
  readonly rounds?: number;
}

export interface ChangeStep extends ChangeExpectation {
  readonly do: 'change';
  readonly change: ChangeSpec;
  /** Planned only, and kept under this name for a later `apply`. */
  readonly as?: string;
  /** What goes on in the cluster while it is planned and applied. */
  readonly during: readonly Disturbance[];
}

/** Applies a plan that an earlier step kept; what happened in between is the point. */
export interface ApplyStep extends ChangeExpectation {
  readonly do: 'apply';
  readonly plan: string;
  readonly during: readonly Disturbance[];
}

/** Something between heddle and the cluster, at requests of a verb and resource: `update virtualservices`. */
export type Disturbance = { readonly at: string } & (
  | { readonly deny: true }
  | { readonly answer: { readonly status: number; readonly reason: string; readonly message: string } }
  /** A colleague edits just before the request arrives, at most so often; `$n` in it is how often. */
  | { readonly edit: readonly ObjectChange[]; readonly times: number }
);

/** What somebody does with kubectl. */
export interface EditStep {
  readonly do: 'edit';
  readonly edit: readonly ObjectChange[];
}

export type ObjectChange =
  /** Values by JSON pointer; a pointer that ends in `/-` appends. */
  | { readonly object: string; readonly set: Readonly<Record<string, unknown>> }
  | { readonly object: string; readonly reverse: string }
  | { readonly object: string; readonly delete: true }
  /** Deleted and made again from what the case began with: the same name, another uid. */
  | { readonly object: string; readonly recreate: true }
  | { readonly create: KubeObject };

export interface RequestsStep {
  readonly do: 'requests';
  readonly requests: readonly RequestSpec[];
}

export interface RequestSpec {
  readonly from: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly expect: RequestExpectation;
}

/** What is not named is not looked at. */
export interface RequestExpectation {
  /** Everything as it was for this request before the first step. */
  readonly as?: 'before';
  /** Probability by destination: a Service of the case's namespace, with `/subset` where the rule names one. `{}`: nobody. */
  readonly to?: Readonly<Record<string, number>>;
  readonly status?: number;
  /** Path at the backend. */
  readonly path?: string;
  readonly authority?: string;
  readonly reason?: 'NC' | 'UH';
  /** Percent by destination; `{}`: none. */
  readonly mirrors?: Readonly<Record<string, number>>;
  /** `false`: none. */
  readonly faults?: false | { readonly delay?: unknown; readonly abort?: unknown };
  /** Of the rule that decides; 0: none. */
  readonly timeoutMs?: number;
}

/** What must stand in objects, by JSON pointer; `null`: nothing there. `*` in a pointer collects from all items of a list. */
export interface ValuesStep {
  readonly do: 'values';
  readonly object: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Objects are, byte for byte, what they were before the first step (`start`) or after the step with that `mark`, but for what the server
 * sets and for the version of the API that they are shown in. With `only`, just these objects; without, also: no others are there.
 */
export interface UnchangedStep {
  readonly do: 'unchanged';
  readonly since: string;
  readonly only?: readonly string[];
}

/** Whether core sees a session's rules as edited by others, against the hashes read back after its last change. */
export interface ForeignEditStep {
  readonly do: 'foreignEdit';
  readonly session: string;
  readonly edited: boolean;
}

/** The session's record as its process would have left it, with the hashes after its last change. */
export interface LeaseStep {
  readonly do: 'lease';
  readonly session: string;
  readonly alive: boolean;
}

/** `heddle clean` in the namespace; counts of what it reports. */
export interface CleanStep {
  readonly do: 'clean';
  readonly removed?: number;
  readonly left?: number;
  readonly kept?: number;
  readonly orphans?: number;
  readonly during: readonly Disturbance[];
}

/**
 * The process dies at each of its requests to the cluster in turn, before it is carried out and after. Each time a clean-up must leave
 * what was there before this step, without the dead session's shadow; and so must a second one.
 */
export interface CrashStep {
  readonly do: 'crash';
  readonly change: ChangeSpec;
  /** At least so many points to die at; otherwise the step tests nothing. */
  readonly points: number;
}

/** How core judges two sessions' matches. */
export interface OverlapStep {
  readonly do: 'overlap';
  readonly a: Match;
  readonly b: Match;
  readonly is: 'contains' | 'contained' | 'equal' | 'may-meet' | 'disjoint';
}

export interface CaseResult {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
  /** Of a skip: the feature that is missing. */
  readonly feature?: string;
  /** Of a failure: step by step, what was expected and what came. */
  readonly failures: readonly string[];
}

export interface CaseReport {
  readonly adapter: { readonly id: string; readonly title: string };
  readonly results: readonly CaseResult[];
}
