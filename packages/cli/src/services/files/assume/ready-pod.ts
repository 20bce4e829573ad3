import type { KubeObject, Labels, ObjectRef } from '@heddle/core';

export interface AssumedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations?: Labels;
  /** Of the template, if there is one: its containers' ports count. */
  readonly spec: KubeObject;
  /** The workload that makes it. */
  readonly owner?: ObjectRef;
}

/** A Pod that runs and is ready, as the controllers would show it. */
export function readyPod({ namespace, name, labels, annotations, spec, owner }: AssumedPod): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{ namespace, name, labels },
      ...(annotations === undefined ? {} : { annotations }),
      ...(owner === undefined
        ? {}
        : { ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, controller: true }] }),
    },
    spec,
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** What assuming adds to a world, with a sentence for each kind of assumption. */
export interface Assumed {
  readonly objects: readonly KubeObject[];
  readonly notes: readonly string[];
}

const SHOWN = 4;

/** `a, b and 12 more`. */
export function listed(names: readonly string[]): string {
  const shown = names.length <= SHOWN + 1 ? names : names.slice(0, SHOWN);
  return `${shown.join(', ')}${shown.length === names.length ? '' : ` and ${names.length - shown.length} more`}`;
}
