import { describeMatch, describeView, type KubeObject, type Note, type ObjectRef, type SessionPlan } from '@heddle/core';
import { shownObject } from '../../rendering/yaml.js';
import type { MeshRequest } from './request.js';

/** A session's plan as JSON shows it; schemas/mesh-plan.json. */
export interface PlanDocument {
  readonly session: {
    readonly id: string;
    readonly namespace: string;
    readonly service: string;
    readonly ports: readonly { readonly port: string; readonly local: { readonly host: string; readonly port: number } }[];
    readonly match: SessionPlan['match'];
    readonly requests: string;
  };
  readonly effects: readonly {
    readonly view: string;
    readonly port: number;
    readonly requests: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly objects: readonly {
    readonly ref: ObjectRef;
    readonly action: 'create' | 'replace' | 'delete';
    readonly before?: KubeObject;
    readonly after?: KubeObject;
  }[];
  readonly shadow: readonly KubeObject[];
  readonly checks: { readonly foreignRules: number; readonly witnesses: number; readonly unwitnessed: readonly string[] };
  readonly notes: readonly Note[];
}

export function planDocument(planned: SessionPlan, request: Pick<MeshRequest, 'service' | 'ports'>, namespace: string): PlanDocument {
  const { id, match, plan, shadow, notes } = planned;
  return {
    session: { id, namespace, service: request.service, ports: request.ports, match, requests: describeMatch(match) },
    effects: plan.effects.map(({ view, port, requests, before, after }) => ({ view: describeView(view), port, requests, before, after })),
    objects: plan.diffs.map(({ ref, before, after }) => ({
      ref,
      action: before === undefined ? 'create' : after === undefined ? 'delete' : 'replace',
      ...(before === undefined ? {} : { before: shownObject(before) }),
      ...(after === undefined ? {} : { after: shownObject(after) }),
    })),
    shadow: shadow.map(shownObject),
    checks: plan.checks,
    notes,
  };
}
