import { refKey } from '../model/object.js';
import { groupBy } from '../plan/group-by.js';
import type { Loss, MeshDifference } from './types.js';

/** Each loss once, whatever number of ports and callers it holds for, with a witness where one was found; by object. */
export function mergedLosses(losses: readonly Loss[]): readonly Loss[] {
  const keyOf = ({ code, message, ref, pointer, service }: Loss) =>
    JSON.stringify([code, message, ref === undefined ? '' : refKey(ref), pointer, service]);
  const merged = [...groupBy(losses, keyOf).values()].flatMap((same) => same.find(({ witness }) => witness !== undefined) ?? same[0] ?? []);
  const place = ({ ref, pointer = '' }: Loss) => `${ref === undefined ? '~' : `${ref.namespace ?? ''}/${ref.name}/${ref.kind}`}${pointer}`;
  return merged.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

/** One for each way in which the meshes differ, with the Services it was seen of. */
export function mergedDifferences(differences: readonly MeshDifference[]): readonly MeshDifference[] {
  return [...groupBy(differences, ({ code }) => code).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, services: [...new Set(same.flatMap(({ services }) => services))].sort() }];
  });
}
