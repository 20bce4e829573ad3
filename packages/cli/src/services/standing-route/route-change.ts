import { isDeepStrictEqual } from 'node:util';
import type { AppliedRoute, Note, RouteEntry, RoutePlan } from '@heddle/core';

/** What became of a plan of a service's standing routes. */
export interface RouteChange extends Pick<AppliedRoute, 'removed' | 'left'> {
  readonly plan: RoutePlan;
  readonly outcome: 'planned' | 'unchanged' | 'written' | 'cleared' | 'left';
}

/** One standing route before and after. */
export interface EntryChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'kept';
  readonly was?: RouteEntry;
  readonly is?: RouteEntry;
}

/** What a plan makes of each standing route, by name. */
export function entryChanges({ was, entries }: Pick<RoutePlan, 'was' | 'entries'>): readonly EntryChange[] {
  const names = [...new Set([...was, ...entries].map(({ name }) => name))].sort();
  return names.map((name): EntryChange => {
    const before = was.find((entry) => entry.name === name);
    const after = entries.find((entry) => entry.name === name);
    if (before === undefined) return { name, change: 'added', ...(after === undefined ? {} : { is: after }) };
    if (after === undefined) return { name, change: 'removed', was: before };
    return { name, change: isDeepStrictEqual(before, after) ? 'kept' : 'changed', was: before, is: after };
  });
}

/** Routes that a routes file keeps and that are changed by hand: the file counts again with the next `heddle route apply`. */
export function notesOfFiles(plan: Pick<RoutePlan, 'was' | 'entries'>): readonly Note[] {
  return entryChanges(plan).flatMap(({ name, change, was }) =>
    change === 'kept' || was?.file === undefined
      ? []
      : [
          {
            code: 'route-in-file',
            message: `Standing route ${name} is kept by the routes file ${was.file}, and heddle route apply makes it again what that says`,
          },
        ],
  );
}
