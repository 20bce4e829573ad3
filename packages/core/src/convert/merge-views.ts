import type { Labels } from '../model/object.js';
import type { RouteTable } from '../model/table.js';
import { type Client, type ClientSet, clientSetsOf, type View, viewHolds } from '../model/view.js';
import { canonicalJson } from '../plan/content-hash.js';
import { groupBy } from '../plan/group-by.js';
import { clientCells, ELSEWHERE } from '../views/client-cells.js';
import { plainViews } from '../views/plain-views.js';

/** Clients that no table tells apart, and the table that they meet. */
interface Cell {
  readonly namespace: string;
  readonly labels: Labels;
  readonly table: RouteTable | undefined;
  readonly key: string;
}

/**
 * The same tables with as few views as can be, by namespaces and labels alone: a decode tells clients apart by all that it looked at,
 * which need not make a difference for one Service's port. The most special clients come first, and those that nothing is said of last.
 * Tables are merged no further where clients are too many kinds to compare.
 */
export function mergeViews(decoded: readonly RouteTable[]): readonly RouteTable[] {
  const tables = decoded.flatMap((table) => plainViews(table.view).map((view): RouteTable => ({ ...table, view })));
  const cells = tables.length < 2 ? undefined : cellsOf(tables);
  if (cells === undefined) return tables;
  const sets = candidates(cells);
  const usual = cells.find(({ namespace, labels }) => namespace === ELSEWHERE && Object.keys(labels).length === 0)?.key;
  const merged: { readonly clients: ClientSet; readonly cell: Cell }[] = [];
  let left = cells;
  while (left.some(({ key }) => key !== usual)) {
    const alike = sets.flatMap((clients) => {
      const inside = left.filter((cell) => holds(clients, cell));
      const [cell] = inside;
      return cell !== undefined && inside.every(({ key }) => key === cell.key) ? [{ clients, cell }] : [];
    });
    const next = alike.find(({ cell }) => cell.key !== usual) ?? alike[0];
    if (next === undefined) return tables;
    merged.push(next);
    left = left.filter((cell) => !holds(next.clients, cell));
  }
  const [rest] = left;
  return withViews(rest === undefined ? merged : [...merged, { clients: {}, cell: rest }]);
}

function cellsOf(tables: readonly RouteTable[]): readonly Cell[] | undefined {
  const sets = tables.flatMap(({ view }) => clientSetsOf(view));
  const labelSets = new Map(sets.flatMap(({ labels }) => (labels === undefined ? [] : [[canonicalJson(labels), labels] as const])));
  const namespaces = [...new Set(sets.flatMap(({ namespaces: names = [] }) => names))].sort();
  const contents = new Map(tables.map(({ view: _view, ...content }, index) => [tables[index], canonicalJson(content)]));
  const cells = clientCells(
    namespaces,
    [...labelSets.values()].map((labels) => ({ labels })),
  );
  return cells?.map(({ namespace, carries }) => {
    const labels: Labels = Object.assign({}, ...carries);
    const client: Client = { kind: 'sidecar', namespace, labels };
    const table = tables.find(({ view }) => viewHolds(view, client));
    return { namespace, labels, table, key: contents.get(table) ?? '' };
  });
}

/** Sets of clients that a view may be, the most general first. */
function candidates(cells: readonly Cell[]): readonly ClientSet[] {
  const all = cells.flatMap(({ namespace, labels }): readonly ClientSet[] => {
    const labelled = Object.keys(labels).length === 0 ? [] : [{ labels }];
    return namespace === ELSEWHERE
      ? labelled
      : [...labelled, { namespaces: [namespace] }, ...labelled.map((one) => ({ namespaces: [namespace], ...one }))];
  });
  const size = ({ namespaces = [], labels = {} }: ClientSet) => namespaces.length + 2 * Object.keys(labels).length;
  return [...groupBy(all, canonicalJson).values()].flatMap(([one]) => one ?? []).toSorted((a, b) => size(a) - size(b));
}

const holds = ({ namespaces, labels = {} }: ClientSet, cell: Pick<Cell, 'namespace' | 'labels'>): boolean =>
  (namespaces === undefined || namespaces.includes(cell.namespace)) &&
  Object.entries(labels).every(([key, value]) => cell.labels[key] === value);

/** Each with the earlier sets as exceptions, as far as a client can be in both; namespaces that are alike otherwise are one view. */
function withViews(merged: readonly { readonly clients: ClientSet; readonly cell: Cell }[]): readonly RouteTable[] {
  const views = merged.map(({ clients, cell }, index) => {
    const earlier = merged.slice(0, index).map((one) => one.clients);
    const except = withoutImplied(earlier.filter((one) => canMeet(one, clients)));
    return { clients, except, cell };
  });
  const alike = groupBy(views, ({ clients: { namespaces, labels }, except, cell }) =>
    canonicalJson([namespaces === undefined, labels, except, cell.key]),
  );
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first?.cell.table === undefined) return [];
    const namespaces = same.flatMap(({ clients }) => clients.namespaces ?? []).sort();
    const clients: ClientSet = { ...first.clients, ...(namespaces.length === 0 ? {} : { namespaces }) };
    const view: View = { plane: 'mesh', clients, ...(first.except.length === 0 ? {} : { except: first.except }) };
    return [{ ...first.cell.table, view }];
  });
}

function canMeet(a: ClientSet, b: ClientSet): boolean {
  const shared = a.namespaces === undefined || b.namespaces === undefined || a.namespaces.some((one) => b.namespaces?.includes(one));
  return shared && Object.entries(a.labels ?? {}).every(([key, value]) => (b.labels?.[key] ?? value) === value);
}

/** Without sets that lie in another one. */
function withoutImplied(sets: readonly ClientSet[]): readonly ClientSet[] {
  const liesIn = (a: ClientSet, b: ClientSet) =>
    (b.namespaces === undefined || (a.namespaces?.every((one) => b.namespaces?.includes(one)) ?? false)) &&
    Object.entries(b.labels ?? {}).every(([key, value]) => a.labels?.[key] === value);
  return sets.filter((one) => !sets.some((other) => other !== one && liesIn(one, other)));
}
