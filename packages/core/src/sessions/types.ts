import type { Cluster } from '../contracts/cluster.js';
import type { MeshAdapter, MeshEnvironment } from '../contracts/mesh-adapter.js';
import type { ForwardStats, Log, TunnelProvider } from '../contracts/tunnel-provider.js';
import type { Note, Refusal, Version } from '../model/change.js';
import type { Match } from '../model/match.js';
import type { KubeObject, Labels, ObjectRef } from '../model/object.js';
import type { View } from '../model/view.js';
import type { Plan } from '../plan/types.js';
import type { RouteEntry } from '../routes/entry.js';
import type { Timing } from './timing.js';

/** Entered in this order, each after the record in the cluster says so. `suspended` and `drifted` are conditions, not states. */
export type SessionState = 'planned' | 'provisioning' | 'ready' | 'routing' | 'active' | 'draining' | 'gone';

/** A process, told apart from a later one with the same pid. */
export interface Identity {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Process start time and boot id, as the system gives them; compared for equality only. */
  readonly startTime: string;
  readonly bootId: string;
}

/** Time as the sessions need it; the API server's clock is asked separately. */
export interface Clock {
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Never goes back, may stand still while the machine sleeps. Ms. */
  monotonic(): number;
  /** Resolves early, without error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface SessionDeps {
  readonly cluster: Cluster;
  readonly adapter: MeshAdapter;
  readonly env: MeshEnvironment;
  readonly tunnel: TunnelProvider;
  readonly clock: Clock;
  readonly identity: Identity;
  /** Whether the process of an identity on this host is gone; `undefined` for another host or when it cannot be told. */
  isGone(identity: Identity): boolean | undefined;
  readonly log: Log;
  /** `TIMING` unless given. */
  readonly timing?: Timing;
}

/** What cleaning up needs: no tunnel, but every mesh of the cluster, since a record may be of any of them. */
export interface CleanDeps {
  readonly cluster: Cluster;
  readonly meshes: readonly { readonly adapter: MeshAdapter; readonly env: MeshEnvironment }[];
  readonly clock: Clock;
  readonly identity: Identity;
  isGone(identity: Identity): boolean | undefined;
  readonly log: Log;
  /** `TIMING` unless given. */
  readonly timing?: Timing;
}

export interface ExposedPort {
  /** The service's port, number or name, as the user wrote it. */
  readonly port: string;
  /** Where it goes on this side. */
  readonly local: { readonly host: string; readonly port: number };
}

export interface AgentOptions {
  readonly image: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly pullSecret?: string;
  readonly nodeSelector?: Labels;
  readonly tolerations?: readonly KubeObject[];
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export interface SessionOptions {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly ports: readonly ExposedPort[];
  /** Absent: one header, `defaultHeader: <id>`. */
  readonly match?: Match;
  /** `x-heddle` unless configured. */
  readonly defaultHeader: string;
  readonly agent: AgentOptions;
  readonly sidecar: 'auto' | 'off';
  /** How the shadow gets requests: by a Service of its own (`service`, unless given), or as one of the service's own pods. */
  readonly realise?: Version['realise'];
  readonly onLost: 'fallback' | 'fail';
  readonly acceptPolicyGap: boolean;
  /** How long to wait for the shadow to be ready. Ms. */
  readonly readyTimeoutMs: number;
}

export type ProofState = 'proved' | 'written';

export interface Proof {
  readonly view: View;
  readonly port: number;
  readonly state: ProofState;
  /** For `written`: why it was not proved. */
  readonly why?: string;
}

/** What a session would do: the shadow's objects and the plan for the mesh. For `--dry-run`, and shown before it starts. */
export interface SessionPlan {
  readonly id: string;
  readonly match: Match;
  readonly shadow: readonly KubeObject[];
  readonly plan: Plan;
  readonly notes: readonly Note[];
}

export type SessionPlanning = { readonly session: SessionPlan } | { readonly refused: readonly Refusal[] };

export type SessionEvent =
  | { readonly type: 'planned'; readonly session: SessionPlan }
  | { readonly type: 'state'; readonly state: SessionState }
  /** A step within a state, for progress: `waiting for pod heddle-tomcat-… (ContainerCreating)`. */
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'proof'; readonly proofs: readonly Proof[] }
  | { readonly type: 'condition'; readonly condition: 'suspended' | 'resumed' | 'drifted' | 're-encoded'; readonly why: string }
  | { readonly type: 'warning'; readonly code: string; readonly message: string };

export interface SessionEnd {
  /** `interrupted`: Ctrl-C or stop(); `asked`: `sessions stop`; `record-gone`: the Lease was deleted by hand. */
  readonly why: 'interrupted' | 'asked' | 'record-gone' | 'failed';
  /** What could not be removed, with what to do; empty when nothing is left. */
  readonly left: readonly { readonly ref: ObjectRef; readonly why: string }[];
  readonly error?: Error;
}

export interface RunningSession {
  /** Empty until the event `planned`: it is made from the API server's clock. */
  readonly id: string;
  readonly state: SessionState;
  readonly proofs: readonly Proof[];
  stats(): readonly ForwardStats[];
  /** Drains; resolves with the end. Idempotent. */
  stop(): Promise<SessionEnd>;
  /** Resolves when the session is over, never rejects. */
  readonly done: Promise<SessionEnd>;
  /** Resolves when active; rejects with what went wrong before that (after everything was put back). */
  readonly active: Promise<void>;
}

/** A session, or the standing routes of a service and a set of its ports, as the record tells it. */
export interface SessionSummary {
  readonly id: string;
  readonly kind: 'session' | 'route';
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  readonly match: Match;
  readonly state: SessionState;
  readonly adapter: string;
  readonly holder: { readonly user: string; readonly host: string; readonly pid: number };
  /** By the API server's clock. */
  readonly renewedAt: string | undefined;
  readonly expired: boolean;
  /** This machine's process of that session is gone: can be recovered at once. */
  readonly abandoned: boolean;
  readonly condition?: { readonly name: 'suspended' | 'drifted'; readonly why: string };
  /** What standing routes do. */
  readonly entries?: readonly RouteEntry[];
  /** Why the record cannot be read; the fields that come from it are then empty. */
  readonly problem?: string;
}

/** What clean-up did, or with `dryRun` would do. */
export interface CleanReport {
  readonly sessions: readonly { readonly id: string; readonly namespace: string; readonly why: string }[];
  readonly orphans: readonly { readonly ref: ObjectRef; readonly owner: string }[];
  readonly removed: readonly { readonly ref: ObjectRef; readonly how: 'deleted' | 'rules removed' }[];
  readonly left: readonly { readonly ref: ObjectRef; readonly why: string }[];
  /** Live sessions of others that were let alone. */
  readonly kept: readonly { readonly id: string; readonly namespace: string; readonly why: string }[];
}
