import { type ClientSet, type Labels, labelsMatch, type RouteTable, viewKey } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { NAMESPACE_TAG } from '../decode/tags.js';

/** Callers by their namespace and labels; neither: everybody. */
export interface Source {
  readonly namespace?: string;
  readonly labels: Labels;
}

/** A table and whose it is. */
export interface Callers {
  readonly table: RouteTable;
  /** The callers that an object for the table has to name. Those of a stronger object among them have that one's rules. */
  readonly sources: readonly Source[];
}

/**
 * The tables of a port, those for most callers first: Kuma has no `except`, so an object for some callers has to count more than one for
 * all. `untold`: tables for callers that no labels and namespaces tell from others, whose objects would count for the others too.
 */
export function callersOf(tables: readonly RouteTable[]): { readonly told: readonly Callers[]; readonly untold: readonly RouteTable[] } {
  const told: Callers[] = [];
  const untold: RouteTable[] = [];
  for (const table of tables.toSorted(weakerFirst)) {
    const sources = sourcesOf(table);
    const weaker = told.filter((one) => meets(one.sources, sources));
    const isTold = weaker.every((one) => one.sources.every((wide) => sources.every((own) => isExcepted(exceptsOf(one.table), wide, own))));
    if (isTold) told.push({ table, sources });
    else untold.push(table);
  }
  return { told, untold };
}

const exceptsOf = ({ view }: RouteTable): readonly ClientSet[] => (view.plane === 'mesh' ? (view.except ?? []) : []);

function sourcesOf({ view }: RouteTable): readonly Source[] {
  if (view.plane !== 'mesh') return [];
  const { namespaces, labels = {} } = view.clients;
  return namespaces === undefined ? [{ labels }] : namespaces.map((namespace) => ({ namespace, labels }));
}

const size = (table: RouteTable): number => {
  const [first] = sourcesOf(table);
  return first === undefined ? 0 : (first.namespace === undefined ? 0 : 1) + Object.keys(first.labels).length;
};

/** Whose object counts less comes first. */
export const weakerFirst = (a: RouteTable, b: RouteTable): number =>
  exceptsOf(b).length - exceptsOf(a).length || size(a) - size(b) || byKey(a, b);

function byKey(a: RouteTable, b: RouteTable): number {
  const [x, y] = [viewKey(a.view), viewKey(b.view)];
  return x === y ? 0 : x < y ? -1 : 1;
}

/** Whether a caller can be of both. */
export const meets = (a: readonly Source[], b: readonly Source[]): boolean => a.some((x) => b.some((y) => both(x, y) !== undefined));

export const covers = (wide: Source, narrow: Source): boolean =>
  (wide.namespace === undefined || wide.namespace === narrow.namespace) && labelsMatch(wide.labels, narrow.labels);

function both(a: Source, b: Source): Source | undefined {
  if (a.namespace !== undefined && b.namespace !== undefined && a.namespace !== b.namespace) return undefined;
  if (Object.entries(a.labels).some(([key, value]) => (b.labels[key] ?? value) !== value)) return undefined;
  const namespace = a.namespace ?? b.namespace;
  const labels = { ...a.labels, ...b.labels };
  return namespace === undefined ? { labels } : { namespace, labels };
}

/** Whether a table's `except` holds all callers that two sources have in common. */
function isExcepted(excepts: readonly ClientSet[], a: Source, b: Source): boolean {
  const shared = both(a, b);
  if (shared === undefined) return true;
  return excepts.some(
    ({ namespaces, labels = {} }) =>
      (namespaces === undefined || (shared.namespace !== undefined && namespaces.includes(shared.namespace))) &&
      labelsMatch(labels, shared.labels),
  );
}

export const isEverybody = ({ namespace, labels }: Source): boolean => namespace === undefined && Object.keys(labels).length === 0;

/** Whether callers who are of both have a table of their own, so that neither of these decides for them. */
export const leavesToOthers = ({ table, sources }: Callers, other: Callers): boolean =>
  other.sources.every((wide) => sources.every((own) => isExcepted(exceptsOf(table), wide, own)));

/** Labels that a caller's Dataplane has, or tags of its inbounds. */
export const labelsOf = ({ namespace, labels }: Source): Labels => ({
  ...labels,
  ...(namespace === undefined ? {} : { [NAMESPACE_TAG]: namespace }),
});

/** What a policy for these callers targets; absent: the whole mesh. Dataplanes have labels since 2.10; before, their inbounds have tags. */
export function targetRef(source: Source, release: { readonly major: number; readonly minor: number }): Raw | undefined {
  if (isEverybody(source)) return undefined;
  const isOld = release.major === 2 && release.minor < 10;
  return isOld ? { kind: 'MeshSubset', tags: labelsOf(source) } : { kind: 'Dataplane', labels: labelsOf(source) };
}
