import type { Note, Refusal, ServiceRef, Version } from '../model/change.js';
import type { Plan } from '../plan/types.js';
import type { SessionDeps } from '../sessions/types.js';
import type { Share } from './shares.js';

/** What standing routes need: a session's things without a tunnel. */
export type RouteDeps = Omit<SessionDeps, 'tunnel'>;

export interface SplitOptions {
  readonly service: { readonly namespace: string; readonly name: string };
  /** Number or name; absent: all ports that carry HTTP. */
  readonly port?: string;
  readonly shares: readonly Share[];
  /** Tells the routes of one service apart. */
  readonly name: string;
}

/** A name of a version, what it was taken for, and its share. */
export interface ResolvedShare extends Share {
  readonly is: Version;
}

/** A standing route as planned. */
export interface RoutePlan {
  readonly id: string;
  readonly name: string;
  readonly services: readonly ServiceRef[];
  readonly shares: readonly ResolvedShare[];
  /** What the route's record says today; absent for a new one. */
  readonly was?: readonly Share[];
  readonly plan: Plan;
  readonly notes: readonly Note[];
  /** Rules and record are so already. */
  readonly unchanged: boolean;
}

export type RoutePlanning = { readonly route: RoutePlan } | { readonly refused: readonly Refusal[] };

/** What taking a standing route back would do. */
export interface ClearPlan {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly services: readonly ServiceRef[];
  /** Absent when the record is gone, or cannot be read. */
  readonly was?: readonly Share[];
  /** Who made it. */
  readonly by?: { readonly user: string; readonly host: string };
  readonly plan: Plan;
}

export type ClearPlanning = { readonly clear: ClearPlan } | { readonly refused: readonly Refusal[] };

export interface RouteHooks {
  readonly signal?: AbortSignal;
  onProgress?(message: string): void;
}
