import { describeView, type KubeObject, type ObjectRef, type Plan } from '@heddle/core';
import { shownObject } from '../rendering/yaml.js';

/** What every plan shows as JSON: whose requests change, the objects before and after, and what was checked. */
export interface PlannedDocument {
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
  readonly checks: { readonly foreignRules: number; readonly witnesses: number; readonly unwitnessed: readonly string[] };
}

export function plannedDocument({ effects, diffs, checks }: Plan): PlannedDocument {
  return {
    effects: effects.map(({ view, port, requests, before, after }) => ({ view: describeView(view), port, requests, before, after })),
    objects: diffs.map(({ ref, before, after }) => ({
      ref,
      action: before === undefined ? 'create' : after === undefined ? 'delete' : 'replace',
      ...(before === undefined ? {} : { before: shownObject(before) }),
      ...(after === undefined ? {} : { after: shownObject(after) }),
    })),
    checks,
  };
}
