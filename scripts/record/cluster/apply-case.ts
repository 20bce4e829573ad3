import { setTimeout as sleep } from 'node:timers/promises';
import { describeRef, type KubeObject, metaOf, refOf } from '@heddle/core';
import { kubectl, mustKubectl } from './kubectl.ts';

/** The cluster's clock tells ages apart by whole seconds. */
const TICK_MS = 1100;

/**
 * Creates a case's mesh objects in the order of their ages, so that what is older in the case is older in the cluster. Returns those
 * that the cluster refused, with its word.
 */
export async function create(objects: readonly KubeObject[]): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  const groups = inRanks(objects);
  for (const [index, group] of groups.entries()) {
    if (index > 0) await sleep(TICK_MS);
    for (const object of group) {
      const { creationTimestamp: _, ...metadata } = object.metadata as Readonly<Record<string, unknown>>;
      const { code, err } = await kubectl(['create', '-f', '-'], JSON.stringify({ ...object, metadata }));
      if (code !== 0) refused.set(describeRef(refOf(object)), err.trim());
    }
  }
  return refused;
}

export async function remove(objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const { kind, namespace = '', name } = refOf(object);
    await mustKubectl(['-n', namespace, 'delete', kind.toLowerCase(), name, '--ignore-not-found', '--wait=true']);
  }
}

/** Objects of one kind are compared by age; the first of each kind can be created together, then the second, and so on. */
function inRanks(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const ranks: KubeObject[][] = [];
  for (const kind of new Set(objects.map((object) => object.kind))) {
    const ofKind = objects.filter((object) => object.kind === kind);
    const ages = [...new Set(ofKind.map(ageOf))].sort((a, b) => a - b);
    for (const object of ofKind) {
      const rank = ages.indexOf(ageOf(object));
      while (ranks.length <= rank) ranks.push([]);
      ranks[rank]?.push(object);
    }
  }
  return ranks;
}

const ageOf = (object: KubeObject): number => Date.parse(metaOf(object).creationTimestamp ?? '1970-01-01T00:00:00Z');
