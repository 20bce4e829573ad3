import { canonicalJson, type Labels, labelsMatch, type RouteTable, viewHolds } from '@heddle/core';
import type { Raw } from '../decode/raw.js';

/** Callers by their namespace and labels; neither: everybody. */
export interface Source {
  readonly namespace?: string;
  readonly labels: Labels;
}

/** Callers that are routed alike, but for those whom an earlier section names. */
export interface Section {
  readonly sources: readonly Source[];
  /** Of one content; none: no table is for them, so that they have the route they would have anyway. */
  readonly tables: readonly RouteTable[];
}

interface Cell {
  readonly source: Source;
  readonly key: string;
}

/** More groups of callers than this are not told apart in one list of rules. */
const MOST = 64;
/** The namespace of callers that no view names. */
const ELSEWHERE = '';

/**
 * The tables of a port in an order in which the first section that names a caller has its table: views are disjoint, and what they are
 * `except` for comes before them. Callers fall into the intersections of the views' sets; each stands for itself, the narrower before the
 * wider, and one that a wider one speaks for is left out. `undefined`: too many groups.
 */
export function sectionsOf(tables: readonly RouteTable[]): readonly Section[] | undefined {
  const [only, ...others] = tables;
  if (only !== undefined && others.length === 0 && isForEverybody(only)) return [{ sources: [{ labels: {} }], tables }];
  const sources = intersections(tables);
  if (sources === undefined) return undefined;
  const byKey = new Map<string, RouteTable[]>();
  const cells = sources.map((source): Cell => {
    const table = tables.find(({ view }) => viewHolds(view, callerOf(source)));
    const key = table === undefined ? '' : contentOf(table);
    if (table !== undefined && byKey.get(key)?.includes(table) !== true) byKey.set(key, [...(byKey.get(key) ?? []), table]);
    return { source, key };
  });
  const kept = withoutIdle(cells.sort((a, b) => size(b.source) - size(a.source) || (a.key === b.key ? 0 : a.key < b.key ? -1 : 1)));
  const sections: { sources: Source[]; tables: readonly RouteTable[]; key: string }[] = [];
  for (const { source, key } of kept) {
    const last = sections.at(-1);
    if (last?.key === key) last.sources.push(source);
    else sections.push({ sources: [source], tables: byKey.get(key) ?? [], key });
  }
  return sections.map(({ sources: all, tables: own }) => ({ sources: all, tables: own }));
}

const isForEverybody = ({ view }: RouteTable): boolean =>
  view.plane === 'mesh' && view.clients.namespaces === undefined && view.clients.labels === undefined && view.except === undefined;

/** Whether a caller can be of both. */
export const meet = (a: readonly Source[], b: readonly Source[]): boolean => a.some((x) => b.some((y) => both(x, y) !== undefined));

/** Whether all of the narrower are of the wider. */
export const covers = (wide: readonly Source[], narrow: readonly Source[]): boolean =>
  narrow.every((y) => wide.some((x) => isWithin(y, x)));

/** Matches for the callers of a section alone; none: every request of everybody. */
export function withSources(matches: readonly Raw[], sources: readonly Source[]): readonly Raw[] {
  const all = (matches.length === 0 ? [{}] : matches).flatMap((match) =>
    sources.map(
      ({ namespace, labels }): Raw => ({
        ...match,
        ...(namespace === undefined ? {} : { sourceNamespace: namespace }),
        ...(Object.keys(labels).length === 0 ? {} : { sourceLabels: labels }),
      }),
    ),
  );
  return all.some((one) => Object.keys(one).length === 0) ? [] : all;
}

/** All that the views name, and whatever two of these have in common; everybody too. */
function intersections(tables: readonly RouteTable[]): readonly Source[] | undefined {
  const found = new Map<string, Source>([[keyOf({ labels: {} }), { labels: {} }]]);
  const named = tables.flatMap(({ view }) => (view.plane === 'mesh' ? [view.clients, ...(view.except ?? [])] : []));
  for (const { namespaces, labels = {} } of named) {
    for (const namespace of namespaces ?? [undefined]) {
      const source: Source = namespace === undefined ? { labels } : { namespace, labels };
      for (const known of [...found.values()]) {
        const shared = both(known, source);
        if (shared !== undefined) found.set(keyOf(shared), shared);
      }
      if (found.size > MOST) return undefined;
    }
  }
  return [...found.values()];
}

/** Without those in whose place a later one says the same; one that had to stay may go once others have. */
function withoutIdle(cells: readonly Cell[]): readonly Cell[] {
  let kept = cells;
  for (let before = Number.POSITIVE_INFINITY; kept.length < before; ) {
    before = kept.length;
    for (const cell of kept) {
      const fewer = kept.filter((one) => one !== cell);
      const decided = (asked: Cell) => fewer.find(({ source }) => isWithin(asked.source, source))?.key;
      if (cells.every((asked) => decided(asked) === asked.key)) kept = fewer;
    }
  }
  return kept;
}

function both(a: Source, b: Source): Source | undefined {
  if (a.namespace !== undefined && b.namespace !== undefined && a.namespace !== b.namespace) return undefined;
  if (Object.entries(a.labels).some(([key, value]) => (b.labels[key] ?? value) !== value)) return undefined;
  const namespace = a.namespace ?? b.namespace;
  const labels = { ...a.labels, ...b.labels };
  return namespace === undefined ? { labels } : { namespace, labels };
}

const isWithin = (narrow: Source, wide: Source): boolean =>
  (wide.namespace === undefined || wide.namespace === narrow.namespace) && labelsMatch(wide.labels, narrow.labels);

const callerOf = ({ namespace = ELSEWHERE, labels }: Source) => ({ kind: 'sidecar', namespace, labels }) as const;

const size = ({ namespace, labels }: Source): number => (namespace === undefined ? 0 : 1) + Object.keys(labels).length;

const keyOf = ({ namespace, labels }: Source): string => canonicalJson([namespace ?? null, labels]);

/** What a table does, whoever asked for it. */
function contentOf({ port, protocol, rules, otherwise }: RouteTable): string {
  return canonicalJson([
    port,
    protocol,
    rules.map(({ owner: _owner, origins: _origins, label: _label, ...content }) => content),
    otherwise,
  ]);
}
