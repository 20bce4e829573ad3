import type { KubeObject } from '@heddle/core';
import type { Disturbance, ObjectChange } from './change-spec.js';
import { bad, list, map, number, text } from './shape.js';

export function disturbances(value: unknown, path: string): readonly Disturbance[] {
  return list(value, path).map((one, index): Disturbance => {
    const here = `${path}[${index}]`;
    const raw = map(one, here, ['at', 'deny', 'contended', 'prune', 'answer', 'edit', 'mutate', 'times']);
    const at = text(raw.at, `${here}.at`);
    if (raw.deny === true) return { at, deny: true };
    if (raw.contended === true) return { at, contended: true };
    if (raw.prune !== undefined) return { at, prune: text(raw.prune, `${here}.prune`) };
    if (raw.mutate !== undefined) return { at, mutate: text(raw.mutate, `${here}.mutate`), times: number(raw.times, `${here}.times`) };
    if (raw.edit !== undefined) return { at, edit: objectChanges(raw.edit, `${here}.edit`), times: number(raw.times, `${here}.times`) };
    const answer = map(raw.answer, `${here}.answer`, ['status', 'reason', 'message']);
    return {
      at,
      answer: {
        status: number(answer.status, `${here}.answer.status`),
        reason: text(answer.reason, `${here}.answer.reason`),
        message: text(answer.message, `${here}.answer.message`),
      },
    };
  });
}

export function objectChanges(value: unknown, path: string): readonly ObjectChange[] {
  return list(value, path).map((one, index): ObjectChange => {
    const here = `${path}[${index}]`;
    const raw = map(one, here, ['object', 'set', 'reverse', 'delete', 'recreate', 'create']);
    if (raw.create !== undefined) return { create: map(raw.create, `${here}.create`) as KubeObject };
    const object = text(raw.object, `${here}.object`);
    if (raw.set !== undefined) return { object, set: map(raw.set, `${here}.set`) };
    if (raw.reverse !== undefined) return { object, reverse: text(raw.reverse, `${here}.reverse`) };
    if (raw.delete === true) return { object, delete: true };
    if (raw.recreate === true) return { object, recreate: true };
    throw bad(here, 'set, reverse, delete, recreate or create', one);
  });
}
