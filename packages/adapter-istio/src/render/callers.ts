import {
  canonicalJson,
  isSourceWithin,
  type RequestSource,
  type RouteTable,
  sharedSource,
  sourceSize,
  sourcesOf,
  viewHolds,
} from '@heddle/core';
import type { Raw } from '../decode/raw.js';

/** Callers that are routed alike, but for those whom an earlier section names. */
export interface Section {
  readonly sources: readonly RequestSource[];
  /** Of one content; none: no table is for them, so that they have the route they would have anyway. */
  readonly tables: readonly RouteTable[];
}

interface Cell {
  readonly source: RequestSource;
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
  const kept = withoutIdle(
    cells.sort((a, b) => sourceSize(b.source) - sourceSize(a.source) || (a.key === b.key ? 0 : a.key < b.key ? -1 : 1)),
  );
  const sections: { sources: RequestSource[]; tables: readonly RouteTable[]; key: string }[] = [];
  for (const { source, key } of kept) {
    const last = sections.at(-1);
    if (last?.key === key) last.sources.push(source);
    else sections.push({ sources: [source], tables: byKey.get(key) ?? [], key });
  }
  return sections.map(({ sources: all, tables: own }) => ({ sources: all, tables: own }));
}

const isForEverybody = ({ view }: RouteTable): boolean =>
  view.plane === 'mesh' && view.clients.namespaces === undefined && view.clients.labels === undefined && view.except === undefined;

/** Matches for the callers of a section alone; none: every request of everybody. */
export function withSources(matches: readonly Raw[], sources: readonly RequestSource[]): readonly Raw[] {
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
function intersections(tables: readonly RouteTable[]): readonly RequestSource[] | undefined {
  const found = new Map<string, RequestSource>([[keyOf({ labels: {} }), { labels: {} }]]);
  const named = tables.flatMap(({ view }) => (view.plane === 'mesh' ? [view.clients, ...(view.except ?? [])] : []));
  for (const source of named.flatMap(sourcesOf)) {
    for (const known of [...found.values()]) {
      const shared = sharedSource(known, source);
      if (shared !== undefined) found.set(keyOf(shared), shared);
    }
    if (found.size > MOST) return undefined;
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
      const decided = (asked: Cell) => fewer.find(({ source }) => isSourceWithin(asked.source, source))?.key;
      if (cells.every((asked) => decided(asked) === asked.key)) kept = fewer;
    }
  }
  return kept;
}

const callerOf = ({ namespace = ELSEWHERE, labels }: RequestSource) => ({ kind: 'sidecar', namespace, labels }) as const;

const keyOf = ({ namespace, labels }: RequestSource): string => canonicalJson([namespace ?? null, labels]);

/** What a table does, whoever asked for it. */
function contentOf({ port, protocol, rules, otherwise }: RouteTable): string {
  return canonicalJson([
    port,
    protocol,
    rules.map(({ owner: _owner, origins: _origins, label: _label, ...content }) => content),
    otherwise,
  ]);
}
