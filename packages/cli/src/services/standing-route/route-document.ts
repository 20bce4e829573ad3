import type { CleanReport, ClearPlan, Note, RoutePlan, Share } from '@heddle/core';
import { type PlannedDocument, plannedDocument } from '../planned-document.js';

interface RouteNames {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
}

/** What `heddle route split` planned or did, as JSON shows it; schemas/route-split.json. */
export interface SplitDocument extends PlannedDocument {
  readonly outcome: 'planned' | 'written' | 'unchanged';
  readonly route: RouteNames & {
    readonly shares: readonly (Share & { readonly is: RoutePlan['shares'][number]['is'] })[];
    readonly was?: readonly Share[];
  };
  readonly notes: readonly Note[];
}

/** What `heddle route clear` planned or did; schemas/route-clear.json. */
export interface ClearDocument extends PlannedDocument {
  readonly outcome: 'planned' | 'cleared' | 'left';
  readonly route: RouteNames & { readonly was?: readonly Share[]; readonly by?: { readonly user: string; readonly host: string } };
  readonly removed: CleanReport['removed'];
  readonly left: CleanReport['left'];
}

export function splitDocument(
  { id, name, services, shares, was, plan, notes }: RoutePlan,
  outcome: SplitDocument['outcome'],
): SplitDocument {
  return {
    outcome,
    route: { ...namesOf(id, name, services), shares, ...(was === undefined ? {} : { was }) },
    ...plannedDocument(plan),
    notes,
  };
}

export function clearDocument(planned: ClearPlan, report: CleanReport | undefined): ClearDocument {
  const { id, name, services, was, by, plan } = planned;
  const { removed = [], left = [] } = report ?? {};
  return {
    outcome: report === undefined ? 'planned' : left.length === 0 ? 'cleared' : 'left',
    route: { ...namesOf(id, name, services), ...(was === undefined ? {} : { was }), ...(by === undefined ? {} : { by }) },
    ...plannedDocument(plan),
    removed,
    left,
  };
}

function namesOf(id: string, name: string, services: RoutePlan['services']): RouteNames {
  const [{ namespace, name: service } = { namespace: '', name: '' }] = services;
  return { id, name, namespace, service, ports: services.map(({ port }) => port) };
}
