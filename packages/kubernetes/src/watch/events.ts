import { isRecord, type KubeObject, metaOf } from '@heddle/core';

/** One line of a watch. `broken`: no event at all; the connection cannot be trusted from here on. */
export type Line =
  | { readonly type: 'put' | 'remove' | 'bookmark'; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly code: number; readonly reason: string; readonly message: string }
  | { readonly type: 'broken' };

const TYPES: Readonly<Record<string, 'put' | 'remove' | 'bookmark'>> = {
  ADDED: 'put',
  MODIFIED: 'put',
  DELETED: 'remove',
  BOOKMARK: 'bookmark',
};

export function readLine(line: string): Line {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return { type: 'broken' };
  }
  if (!isRecord(event) || !isRecord(event.object) || typeof event.type !== 'string') return { type: 'broken' };
  const { object } = event;
  if (event.type === 'ERROR') {
    return {
      type: 'error',
      code: typeof object.code === 'number' ? object.code : 500,
      reason: typeof object.reason === 'string' ? object.reason : '',
      message: typeof object.message === 'string' ? object.message : 'the watch failed',
    };
  }
  const type = TYPES[event.type];
  const { resourceVersion } = metaOf(object);
  return type === undefined || resourceVersion === undefined ? { type: 'broken' } : { type, object, resourceVersion };
}
