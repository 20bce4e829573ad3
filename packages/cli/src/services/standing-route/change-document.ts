import { describeMatches, describeRouteAction, type Note, type RouteEntry, type Version } from '@heddle/core';
import { type PlannedDocument, plannedDocument } from '../planned-document.js';
import { entryChanges, type RouteChange } from './route-change.js';

/** A standing route, as data and in words. */
export type EntryDocument = RouteEntry & { readonly requests: string; readonly does: string };

/** What is planned for the standing routes of a service and a set of its ports, or was done; schemas/route-plan.json. */
export interface RoutePlanDocument extends PlannedDocument, Pick<RouteChange, 'outcome' | 'removed' | 'left'> {
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  readonly routes: readonly {
    readonly name: string;
    readonly change: 'added' | 'changed' | 'removed' | 'kept';
    readonly was?: EntryDocument;
    readonly is?: EntryDocument;
  }[];
  readonly versions: readonly Version[];
  readonly problem?: string;
  readonly notes: readonly Note[];
}

/** What a command that changes standing routes planned or did; schemas/route-change.json. */
export interface RouteChangeDocument {
  readonly outcome: 'planned' | 'unchanged' | 'done' | 'left';
  readonly plans: readonly RoutePlanDocument[];
}

export function changeDocument(changes: readonly RouteChange[], { dryRun }: { readonly dryRun: boolean }): RouteChangeDocument {
  const all = (outcome: RouteChange['outcome']) => changes.every((change) => change.outcome === outcome);
  const outcome = dryRun
    ? 'planned'
    : changes.some((change) => change.outcome === 'left')
      ? 'left'
      : all('unchanged')
        ? 'unchanged'
        : 'done';
  return { outcome, plans: changes.map(planDocument) };
}

export function planDocument({ plan: route, outcome, removed, left }: RouteChange): RoutePlanDocument {
  const { id, services, versions, problem, plan, notes } = route;
  const [{ namespace, name: service } = { namespace: '', name: '' }] = services;
  return {
    outcome,
    id,
    namespace,
    service,
    ports: services.map(({ port }) => port),
    routes: entryChanges(route).map(({ name, change, was, is }) => ({
      name,
      change,
      ...(was === undefined ? {} : { was: entryDocument(was) }),
      ...(is === undefined ? {} : { is: entryDocument(is) }),
    })),
    versions,
    ...(problem === undefined ? {} : { problem }),
    ...plannedDocument(plan),
    notes,
    removed,
    left,
  };
}

export function entryDocument(entry: RouteEntry): EntryDocument {
  return { ...entry, requests: describeMatches(entry.match), does: describeRouteAction(entry) };
}
