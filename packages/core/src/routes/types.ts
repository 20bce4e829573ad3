import type { Note, Refusal, ServiceRef, Version } from '../model/change.js';
import type { Plan } from '../plan/types.js';
import type { RecordedRule } from '../sessions/lease/record.js';
import type { CleanReport, SessionDeps } from '../sessions/types.js';
import type { RouteEntry, RouteSpec } from './entry.js';

/** What standing routes need: a session's things without a tunnel. */
export interface RouteDeps extends Omit<SessionDeps, 'tunnel'> {
  /** Plans are for showing alone: rights to write are not asked for. */
  readonly showing?: boolean;
}

/**
 * The entries that a service is to have, made of those that it has. An entry that comes back as it was keeps who made it, and when; the
 * others become those of the caller. None: the standing routes go, and their record too.
 */
export type RouteEdit = (entries: readonly RouteEntry[]) => readonly (RouteEntry | RouteSpec)[] | { readonly refused: readonly Refusal[] };

export interface RouteRequest {
  readonly service: { readonly namespace: string; readonly name: string };
  /** Number or name; absent: all ports that carry HTTP. */
  readonly port?: string;
  readonly edit: RouteEdit;
}

/** The standing routes of a service and a set of its ports as planned. */
export interface RoutePlan {
  readonly id: string;
  readonly services: readonly ServiceRef[];
  /** They are for all ports that carry HTTP, and take those in that come later. */
  readonly allPorts?: boolean;
  /** For which ports the record says that they are; empty where there is none yet. */
  readonly portsBefore: readonly number[];
  /** What the record says today; empty where there is none yet. */
  readonly was: readonly RouteEntry[];
  /** What it will say; empty: the routes are taken back, with their record. */
  readonly entries: readonly RouteEntry[];
  /** What the names of versions were taken for. */
  readonly versions: readonly Version[];
  /** Why `was` says nothing of routes that stand: their record is gone, or cannot be read. */
  readonly problem?: string;
  readonly plan: Plan;
  readonly notes: readonly Note[];
  /** Rules and record are so already. */
  readonly unchanged: boolean;
}

export type RoutePlanning = { readonly route: RoutePlan } | { readonly refused: readonly Refusal[] };

export interface ClearRequest {
  readonly service: { readonly namespace: string; readonly name: string };
  /** Number or name; absent: whatever ports there are routes for. */
  readonly port?: string;
  /** One entry; absent: all. */
  readonly name?: string;
}

/** One plan for each set of ports that the service has standing routes for. */
export type RoutesPlanning = { readonly routes: readonly RoutePlan[] } | { readonly refused: readonly Refusal[] };

export interface RouteHooks {
  readonly signal?: AbortSignal;
  onProgress?(message: string): void;
}

/** What has been done. `left`: what could not be taken back, and why. */
export interface AppliedRoute extends Pick<CleanReport, 'removed' | 'left'> {
  readonly wrote: boolean;
}

/** The standing routes of a service and a set of its ports as their record tells them. */
export interface StandingRoutes {
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  /** They take in what ports that carry HTTP come later. */
  readonly allPorts: boolean;
  /** Id of the adapter that wrote them. */
  readonly adapter: string;
  readonly entries: readonly RouteEntry[];
  readonly versions: readonly Version[];
  /** As they were read back after they were written. */
  readonly rules: readonly RecordedRule[];
  /** `unfinished`: a change was begun and has not come to its end. */
  readonly state: 'stands' | 'unfinished';
  /** Hash of the rules of others that they were copied from. */
  readonly copied?: string;
  /** Why the record cannot be read; the fields that come from it are then empty. */
  readonly problem?: string;
}
