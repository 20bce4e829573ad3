import type { KubeObject, Match, RouteSpec } from '@heddle/core';

/** A session's rules for a service, or all its standing routes; `remove` takes them out again. Planned with both checks of a plan, then applied. */
export interface ChangeSpec {
  readonly owner: 'session' | 'route';
  /** Id of the session, or of the owner of the standing routes. */
  readonly session: string;
  readonly remove: boolean;
  /** Of a session: conditions that must all hold. */
  readonly match: Match;
  readonly service: string;
  readonly ports: readonly number[];
  readonly realise: 'service' | 'subset' | 'tag';
  /** The standing routes, with versions by the names that users know. */
  readonly entries: readonly RouteSpec[];
}

export interface ChangeExpectation {
  /** Codes of the refusals, each once and all of them; `any`: some refusal. Nothing may be written then. */
  readonly refused?: readonly string[] | 'any';
  /** Code of the error that applying throws. */
  readonly fails?: string;
  /** Code of the error that applying throws, where the mesh's objects give reason for it. */
  readonly mayFail?: string;
  /** `replace VirtualService cart`, in any order. `[]`: nothing to do. */
  readonly edits?: readonly string[];
  /** Codes of notes that must be among the plan's. */
  readonly notes?: readonly string[];
  /** Plans that applying took. */
  readonly rounds?: number;
}

/** Something between heddle and the cluster, at requests of a verb and resource: `update virtualservices`; `write`: of a mesh object. */
export type Disturbance = { readonly at: string } & (
  | { readonly deny: true }
  /** Somebody else was faster, each time: 409. */
  | { readonly contended: true }
  /** The server drops fields whose names begin so. */
  | { readonly prune: string }
  | { readonly answer: { readonly status: number; readonly reason: string; readonly message: string } }
  /** A colleague edits just before the request arrives, at most so often; `$n` in it is how often. */
  | { readonly edit: readonly ObjectChange[]; readonly times: number }
  | { readonly mutate: string; readonly times: number }
);

export type ObjectChange =
  /** Values by JSON pointer; a pointer that ends in `/-` appends. */
  | { readonly object: string; readonly set: Readonly<Record<string, unknown>> }
  | { readonly object: string; readonly reverse: string }
  | { readonly object: string; readonly delete: true }
  /** Deleted and made again from what the case began with: the same name, another uid. */
  | { readonly object: string; readonly recreate: true }
  | { readonly create: KubeObject };
