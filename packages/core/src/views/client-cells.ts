import type { Labels } from '../model/object.js';
import type { ClientSet, MeshView } from '../model/view.js';

/** The namespace of clients whose namespace no object mentions: equal to none. */
export const ELSEWHERE = '';

/** Proxies that get the same configuration, by what can be asked about their Pods: labels are asked for, never listed. */
export interface CellProxy {
  readonly kind: 'sidecar';
  readonly namespace: string;
  has(labels: Labels): boolean;
}

/** Clients that no object tells apart: a namespace (or all that none names), and which label sets they carry. */
export interface ClientCell {
  readonly namespace: string;
  readonly carries: readonly Labels[];
  readonly lacks: readonly Labels[];
  readonly proxy: CellProxy;
}

/** More groups than this are not compared one by one. */
export const MOST_CELLS = 512;

/**
 * All groups of mesh clients that `namespaces` and label sets (some of one namespace only) can tell apart; `undefined` when there
 * are too many.
 */
export function clientCells(
  namespaces: readonly string[],
  labelSets: readonly { readonly labels: Labels; readonly namespace?: string }[],
): readonly ClientCell[] | undefined {
  const cells: ClientCell[] = [];
  for (const namespace of [ELSEWHERE, ...namespaces]) {
    const here = labelSets.filter((set) => set.namespace === undefined || set.namespace === namespace).map(({ labels }) => labels);
    const combined = combinations([...new Map(here.map((labels) => [labelsKey(labels), labels])).values()]);
    if (combined === undefined || cells.length + combined.length > MOST_CELLS) return undefined;
    cells.push(...combined.map((one) => cellOf(namespace, one.carries, one.lacks)));
  }
  return cells;
}

function cellOf(namespace: string, carries: readonly Labels[], lacks: readonly Labels[]): ClientCell {
  const held = new Set(carries.map(labelsKey));
  const has = (labels: Labels) => Object.keys(labels).length === 0 || held.has(labelsKey(labels));
  return { namespace, carries, lacks, proxy: { kind: 'sidecar', namespace, has } };
}

/** Every way in which a client can carry some of the label sets and lack the others. */
function combinations(
  sets: readonly Labels[],
): readonly { readonly carries: readonly Labels[]; readonly lacks: readonly Labels[] }[] | undefined {
  let found: { carries: Labels[]; lacks: Labels[] }[] = [{ carries: [], lacks: [] }];
  for (const labels of sets.filter((one) => Object.keys(one).length > 0)) {
    found = found.flatMap(({ carries, lacks }) => [
      ...(agrees(labels, carries) ? [{ carries: [...carries, labels], lacks }] : []),
      { carries, lacks: [...lacks, labels] },
    ]);
    if (found.length > MOST_CELLS) return undefined;
  }
  return found.filter(({ carries, lacks }) => !lacks.some((labels) => covers(Object.assign({}, ...carries), labels)));
}

const agrees = (labels: Labels, carried: readonly Labels[]): boolean => {
  const all: Labels = Object.assign({}, ...carried);
  return Object.entries(labels).every(([key, value]) => all[key] === undefined || all[key] === value);
};

const covers = (all: Labels, labels: Labels): boolean => Object.entries(labels).every(([key, value]) => all[key] === value);

/**
 * The views that share a result: a namespace whose cells have one result is not divided by labels, and cells of several namespaces that
 * are told by the same labels and have the same result are one view. `named` are the namespaces that have cells of their own.
 */
export function mergeCells<T>(
  cells: readonly (readonly [cell: ClientCell, result: T, key: string])[],
  named: readonly string[],
): readonly (readonly [MeshView, T])[] {
  const keysIn = new Map<string, Set<string>>();
  for (const [{ namespace }, , key] of cells) keysIn.set(namespace, (keysIn.get(namespace) ?? new Set()).add(key));
  const groups = new Map<
    string,
    { readonly namespaces: Set<string>; readonly cell: Pick<ClientCell, 'carries' | 'lacks'>; readonly result: T }
  >();
  for (const [cell, result, key] of cells) {
    const isWhole = keysIn.get(cell.namespace)?.size === 1;
    const { carries, lacks } = isWhole ? { carries: [], lacks: [] } : cell;
    const id = `${JSON.stringify([isWhole, carries.map(labelsKey), lacks.map(labelsKey)])} ${key}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { namespaces: new Set([cell.namespace]), cell: { carries, lacks }, result });
    else group.namespaces.add(cell.namespace);
  }
  return [...groups.values()].map(({ namespaces, cell, result }) => [viewOf([...namespaces], named, carriedBy(cell), cell.lacks), result]);
}

function carriedBy(cell: Pick<ClientCell, 'carries'>): Omit<ClientSet, 'namespaces'> {
  return cell.carries.length === 0 ? {} : { labels: Object.assign({}, ...cell.carries) };
}

function viewOf(
  namespaces: readonly string[],
  named: readonly string[],
  labels: Omit<ClientSet, 'namespaces'>,
  lacks: readonly Labels[],
): MeshView {
  const everywhere = namespaces.includes(ELSEWHERE);
  const others = named.filter((namespace) => !namespaces.includes(namespace));
  const carried = [labels.labels ?? {}];
  const except: ClientSet[] = [
    ...(everywhere && others.length > 0 ? [{ namespaces: [...others].sort() }] : []),
    ...lacks.filter((one) => agrees(one, carried)).map((one) => ({ labels: one })),
  ];
  return {
    plane: 'mesh',
    clients: { ...(everywhere ? {} : { namespaces: [...namespaces].sort() }), ...labels },
    ...(except.length === 0 ? {} : { except }),
  };
}

const labelsKey = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
