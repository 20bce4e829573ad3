import { listed } from '../services/files/assume/ready-pod.js';

/** More notes than this that differ in whom they are about alone are one. */
const MOST = 3;

/** `shop/web`, and what some meshes make of it. */
const NAME = /(?<![\w./-])[a-z0-9][a-z0-9-]*(?:\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|(?:_[a-z0-9-]+)+)(?![\w/])/g;

/** Notes of which many say the same of one object each: the first of these, and the names of the others. */
export function alikeNotes(notes: readonly string[]): readonly string[] {
  const groups = Map.groupBy(notes, (note) => note.replaceAll(NAME, '…'));
  return [...groups.values()].flatMap((same) => {
    const [first = '', ...others] = same;
    const names = others.flatMap((note) => note.match(NAME)?.[0] ?? []);
    if (same.length <= MOST || names.length < others.length) return same;
    return [`${/[.!?]$/.test(first) ? first : `${first}.`} The same of ${listed(names)}.`];
  });
}
