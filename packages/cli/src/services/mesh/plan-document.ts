import { describeMatch, type KubeObject, type Note, type SessionPlan } from '@heddle/core';
import { shownObject } from '../../rendering/yaml.js';
import { type PlannedDocument, plannedDocument } from '../planned-document.js';
import type { MeshRequest } from './request.js';

/** A session's plan as JSON shows it; schemas/mesh-plan.json. */
export interface PlanDocument extends PlannedDocument {
  readonly session: {
    readonly id: string;
    readonly namespace: string;
    readonly service: string;
    readonly ports: readonly { readonly port: string; readonly local: { readonly host: string; readonly port: number } }[];
    readonly match: SessionPlan['match'];
    readonly requests: string;
  };
  readonly shadow: readonly KubeObject[];
  readonly notes: readonly Note[];
}

export function planDocument(planned: SessionPlan, request: Pick<MeshRequest, 'service' | 'ports'>, namespace: string): PlanDocument {
  const { id, match, plan, shadow, notes } = planned;
  const { effects, objects, checks } = plannedDocument(plan);
  return {
    session: { id, namespace, service: request.service, ports: request.ports, match, requests: describeMatch(match) },
    effects,
    objects,
    shadow: shadow.map(shownObject),
    checks,
    notes,
  };
}
