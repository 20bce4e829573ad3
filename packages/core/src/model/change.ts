import type { Match } from './match.js';
import type { KubeObject, Labels, ObjectRef } from './object.js';
import type { Owner } from './owner.js';
import type { Fault } from './table.js';
import type { View } from './view.js';

/** A Kubernetes Service and one of its ports: what callers dial. */
export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export function describeService(service: ServiceRef): string {
  return `${service.namespace}/${service.name}:${service.port}`;
}

/** What to look at: services, and for `explain URL` hosts as a client writes them. */
export interface Target {
  readonly services: readonly ServiceRef[];
  readonly hosts?: readonly string[];
}

/**
 * A set of endpoints of a service. `service`: a Service of its own, same port numbers as the base.
 * `subset` and `tag`: pods behind the base Service, told apart by labels. `ref`: what the mesh calls the subset; without it has no name
 * yet, so that `encode` makes one, which is the owner's and goes with its rules.
 */
export type Version =
  | { readonly id: string; readonly realise: 'service'; readonly service: { readonly namespace: string; readonly name: string } }
  | { readonly id: string; readonly realise: 'subset' | 'tag'; readonly labels: Labels; readonly ref?: string };

/** One thing that the owner wants of the requests that match. */
export type Intent =
  | { readonly match: readonly Match[]; readonly to: readonly { readonly version: string; readonly weight: number }[] }
  | { readonly match: readonly Match[]; readonly mirror: { readonly version: string; readonly percent: number } }
  | { readonly match: readonly Match[]; readonly fault: Fault };

/** "This owner's rules for these services in these views are exactly these." No intents: they are removed. */
export interface Change {
  readonly owner: Owner;
  readonly services: readonly ServiceRef[];
  readonly views: 'all' | readonly View[];
  readonly versions: readonly Version[];
  readonly intents: readonly Intent[];
}

/**
 * `add`: versions, before the rules; `rules`; `remove`: versions, after the rules. A plan may edit one object at `rules` and again at
 * `remove`: what stands in between is there until proxies have heard of the rules, for a mesh that would drop a destination before the
 * rules that name it. Both edits carry what was seen; the second is written at the version that the first one left.
 */
export type Stage = 'add' | 'rules' | 'remove';

export type ObjectEdit = { readonly ref: ObjectRef; readonly stage: Stage; readonly why: string } & (
  | { readonly op: 'create'; readonly body: KubeObject }
  | { readonly op: 'replace'; readonly body: KubeObject; readonly uid: string; readonly resourceVersion: string }
  | { readonly op: 'delete'; readonly uid: string; readonly resourceVersion: string }
);

/** Why something cannot be done. Data, never thrown: the caller decides. */
export interface Refusal {
  /** A capability's name, or a stable code in kebab case. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** What would work instead, or what to do next. */
  readonly instead?: string;
  readonly ref?: ObjectRef;
}

/** Something that the plan should say, without stopping it. */
export interface Note {
  readonly code: string;
  readonly message: string;
  readonly ref?: ObjectRef;
}

export type Planned<T> = { readonly ok: T; readonly notes: readonly Note[] } | { readonly refused: readonly Refusal[] };
