import {
  type ClientSet,
  isSourceWithin,
  type Labels,
  type RequestSource,
  type RouteTable,
  sharedSource,
  sourceSize,
  sourcesMeet,
  sourcesOf,
  viewKey,
} from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { NAMESPACE_TAG } from '../decode/tags.js';

/** A table and whose it is. */
export interface Callers {
  readonly table: RouteTable;
  /** The callers that an object for the table has to name. Those of a stronger object among them have that one's rules. */
  readonly sources: readonly RequestSource[];
}

/**
 * The tables of a port, those for most callers first: Kuma has no `except`, so an object for some callers has to count more than one for
 * all. `untold`: tables for callers that no labels and namespaces tell from others, whose objects would count for the others too.
 */
export function callersOf(tables: readonly RouteTable[]): { readonly told: readonly Callers[]; readonly untold: readonly RouteTable[] } {
  const told: Callers[] = [];
  const untold: RouteTable[] = [];
  for (const table of tables.toSorted(weakerFirst)) {
    const sources = sourcesIn(table);
    const weaker = told.filter((one) => sourcesMeet(one.sources, sources));
    const isTold = weaker.every((one) => one.sources.every((wide) => sources.every((own) => isExcepted(exceptsOf(one.table), wide, own))));
    if (isTold) told.push({ table, sources });
    else untold.push(table);
  }
  return { told, untold };
}

const exceptsOf = ({ view }: RouteTable): readonly ClientSet[] => (view.plane === 'mesh' ? (view.except ?? []) : []);

const sourcesIn = ({ view }: RouteTable): readonly RequestSource[] => (view.plane === 'mesh' ? sourcesOf(view.clients) : []);

const size = (table: RouteTable): number => {
  const [first] = sourcesIn(table);
  return first === undefined ? 0 : sourceSize(first);
};

/** Whose object counts less comes first. */
export const weakerFirst = (a: RouteTable, b: RouteTable): number =>
  exceptsOf(b).length - exceptsOf(a).length || size(a) - size(b) || byKey(a, b);

function byKey(a: RouteTable, b: RouteTable): number {
  const [x, y] = [viewKey(a.view), viewKey(b.view)];
  return x === y ? 0 : x < y ? -1 : 1;
}

/** Whether a table's `except` holds all callers that two sources have in common. */
function isExcepted(excepts: readonly ClientSet[], a: RequestSource, b: RequestSource): boolean {
  const shared = sharedSource(a, b);
  return shared === undefined || excepts.flatMap(sourcesOf).some((one) => isSourceWithin(shared, one));
}

const isEverybody = (source: RequestSource): boolean => sourceSize(source) === 0;

/** Whether callers who are of both have a table of their own, so that neither of these decides for them. */
export const leavesToOthers = ({ table, sources }: Callers, other: Callers): boolean =>
  other.sources.every((wide) => sources.every((own) => isExcepted(exceptsOf(table), wide, own)));

/** Labels that a caller's Dataplane has, or tags of its inbounds. */
export const labelsOf = ({ namespace, labels }: RequestSource): Labels => ({
  ...labels,
  ...(namespace === undefined ? {} : { [NAMESPACE_TAG]: namespace }),
});

/** What a policy for these callers targets; absent: the whole mesh. Dataplanes have labels since 2.10; before, their inbounds have tags. */
export function targetRef(source: RequestSource, release: { readonly major: number; readonly minor: number }): Raw | undefined {
  if (isEverybody(source)) return undefined;
  const isOld = release.major === 2 && release.minor < 10;
  return isOld ? { kind: 'MeshSubset', tags: labelsOf(source) } : { kind: 'Dataplane', labels: labelsOf(source) };
}
