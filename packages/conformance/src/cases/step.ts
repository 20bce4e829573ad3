import type { Match } from '@heddle/core';
import type { ChangeExpectation, ChangeSpec, Disturbance, ObjectChange } from './change-spec.js';
import type { RequestSpec } from './request-spec.js';

/** Each step does one thing and says what must come of it. `mark` gives the state after it a name, for `unchanged`. */
export type Step = { readonly mark?: string } & (
  | ChangeStep
  | ApplyStep
  | EditStep
  | RequestsStep
  | MutateStep
  | ValuesStep
  | UnchangedStep
  | ForeignStep
  | EditOwnStep
  | ForeignEditStep
  | LeaseStep
  | CleanStep
  | CrashStep
  | OverlapStep
  | ShadowStep
  | UndeclaredStep
  | RenderStep
  | AdoptStep
  | DetectStep
);

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

/** What somebody does with kubectl. */
export interface EditStep {
  readonly do: 'edit';
  readonly edit: readonly ObjectChange[];
}

/**
 * One of the world's mutations, or of the kit's: `touch` (a note that changes no request), `restore` (the world's objects are put back to
 * what they were, as by a repository), `recreate` (deleted and made again), `no-shadows` and `shadows` (those of sessions go, and come
 * again). Positions in lists count the items of others only.
 */
export interface MutateStep {
  readonly do: 'mutate';
  readonly mutation: string;
}

export interface RequestsStep {
  readonly do: 'requests';
  readonly requests: readonly RequestSpec[];
}

/** What must stand in objects, by JSON pointer; `null`: nothing there. `*` in a pointer collects from all items of a list. */
export interface ValuesStep {
  readonly do: 'values';
  readonly object: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Objects are, value for value, what they were before the first step (`start`) or after the step with that `mark`, but for what the server
 * sets and for the version of the API that they are shown in. With `only`, just these objects; without, also: no others are there.
 */
export interface UnchangedStep {
  readonly do: 'unchanged';
  readonly since: string;
  readonly only?: readonly string[];
}

/** Objects that were there are what they were, but for heddle's own rules in them; others may only be there if they are heddle's. */
export interface ForeignStep {
  readonly do: 'foreign';
  readonly since: string;
}

/** Somebody edits the first rule of a session: values by JSON pointer within it. */
export interface EditOwnStep {
  readonly do: 'editOwn';
  readonly session: string;
  readonly set: Readonly<Record<string, unknown>>;
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

/** The adapter says what the session's shadow needs, and its labels make it nobody else's pod. */
export interface ShadowStep {
  readonly do: 'shadow';
  readonly session: string;
  readonly realise: ChangeSpec['realise'];
  /** It must be refused, with a reason. */
  readonly refused: boolean;
}

/** The adapter does not find its mesh in a cluster that has nothing of it. */
export interface DetectStep {
  readonly do: 'detect';
}

/**
 * The world's objects are read, and the mesh's own objects are rendered of what they say, in their place: the mesh takes them, nothing in
 * them names heddle, and these requests see what they saw, but for losses that are listed.
 */
export interface RenderStep {
  readonly do: 'render';
  readonly requests: readonly RequestSpec[];
}

/** The plain shop, as it would be where the mesh is: nothing is gone, its pods have the proxy, and doing it again changes nothing. */
export interface AdoptStep {
  readonly do: 'adopt';
}

/** A session, or a standing route, for each capability that the adapter does not declare is refused by its name. */
export interface UndeclaredStep {
  readonly do: 'undeclared';
  readonly session: string;
}
