import {
  type Change,
  type KubeObject,
  metaOf,
  type ObjectEdit,
  type Observed,
  observeTarget,
  refKey,
  refOf,
  type Target,
} from '@heddle/core';
import { encode } from '../../src/encode/encode.js';
import { adapter } from '../../src/index.js';
import { env } from './objects.js';

/** What core would read of a cluster with these objects. */
export function observe(objects: readonly KubeObject[], target: Target): Observed {
  return observeTarget({ adapter, env }, target, objects);
}

/** The objects after a change, as a server would hold them; throws what was refused. */
export function apply(objects: readonly KubeObject[], change: Change): readonly KubeObject[] {
  return applyEdits(objects, editsOf(objects, change));
}

export function editsOf(objects: readonly KubeObject[], change: Change): readonly ObjectEdit[] {
  const planned = encode(change, observe(objects, { services: change.services }), env);
  if ('refused' in planned) throw new Error(`refused: ${planned.refused.map(({ code, message }) => `${code}: ${message}`).join('; ')}`);
  return planned.ok;
}

export function refusalsOf(objects: readonly KubeObject[], change: Change): readonly string[] {
  const planned = encode(change, observe(objects, { services: change.services }), env);
  return 'refused' in planned ? planned.refused.map(({ code }) => code) : [];
}

export function notesOf(objects: readonly KubeObject[], change: Change): readonly string[] {
  const planned = encode(change, observe(objects, { services: change.services }), env);
  return 'refused' in planned ? [] : planned.notes.map(({ code }) => code);
}

function applyEdits(objects: readonly KubeObject[], edits: readonly ObjectEdit[]): readonly KubeObject[] {
  let result = objects;
  for (const edit of edits) {
    const key = refKey(edit.ref);
    const current = result.find((object) => refKey(refOf(object)) === key);
    if (edit.op === 'create') {
      if (current !== undefined) throw new Error(`${key} exists`);
      result = [
        ...result,
        {
          ...edit.body,
          metadata: {
            ...(edit.body.metadata as object),
            uid: `made-${key}`,
            resourceVersion: '1',
            creationTimestamp: '2026-06-01T00:00:00Z',
          },
        },
      ];
      continue;
    }
    const { uid, resourceVersion } = metaOf(current);
    if (uid !== edit.uid || resourceVersion !== edit.resourceVersion) throw new Error(`${key}: conflict`);
    result =
      edit.op === 'delete'
        ? result.filter((object) => object !== current)
        : result.map((object) => (object === current ? bumped(edit.body) : object));
  }
  return result;
}

const bumped = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...(object.metadata as object), resourceVersion: `${Number(metaOf(object).resourceVersion) + 1}` },
});

/** What a user owns of an object: everything but what the server sets. */
export function content(object: KubeObject | undefined): string {
  if (object === undefined) return 'absent';
  const { resourceVersion: _, ...metadata } = object.metadata as Record<string, unknown>;
  return JSON.stringify({ ...object, metadata });
}

export const named = (objects: readonly KubeObject[], kind: string, name: string): KubeObject | undefined =>
  objects.find((object) => refOf(object).kind === kind && metaOf(object).name === name);
