import {
  defineMeshAdapter,
  type KubeObject,
  type MeshAdapter,
  type MeshEnvironment,
  type Observed,
  type Rendered,
  type RenderLoss,
  type RoutedService,
  type Routing,
  type Rule,
} from '../../src/index.js';
import { listEnv, listMesh } from '../list-mesh.js';
import { GROUP, KIND, type ListRule } from '../list-mesh-object.js';

const COPY = 'copy.example.test';
export const copyEnv: MeshEnvironment = { served: { [KIND]: `${COPY}/v1` }, settings: {} };

/** What the copy cannot say of a rule, and says so; what it says otherwise, and does not tell. */
export interface CopyFaults {
  readonly losses?: (service: RoutedService) => readonly RenderLoss[];
  readonly without?: readonly (keyof ListRule)[];
}

/** The list mesh once more under another group, so that there is something to convert to. */
export function copyMesh({ losses = () => [], without = [] }: CopyFaults = {}): MeshAdapter {
  return defineMeshAdapter({
    ...listMesh,
    id: 'copy',
    title: 'Copy mesh',
    kinds: listMesh.kinds.map((kind) => (kind.group === GROUP ? { ...kind, group: COPY } : kind)),
    reads: (target, seen) =>
      listMesh.reads(target, seen, listEnv).map((query) => (query.group === GROUP ? { ...query, group: COPY } : query)),
    decode: (target, seen) => renamed(listMesh.decode(target, asList(seen), listEnv), GROUP, COPY),
    render: ({ services }: Routing): Rendered => ({
      objects: services.flatMap((service) => routesOf(service, without)),
      losses: services.flatMap(losses),
      notes: [],
    }),
  });
}

const renamed = <T>(value: T, from: string, to: string): T => JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T;

const asList = (seen: Observed): Observed => new Map(renamed([...seen], COPY, GROUP));

function routesOf({ namespace, name, tables }: RoutedService, without: readonly (keyof ListRule)[]): readonly KubeObject[] {
  const rules = tables.flatMap((table) => table.rules.map((rule) => written(rule, without)));
  if (rules.length === 0) return [];
  return [{ apiVersion: `${COPY}/v1`, kind: KIND, metadata: { name, namespace }, spec: { service: name, rules } }];
}

function written({ match: [match], action, mirrors, timeoutMs }: Rule, without: readonly (keyof ListRule)[]): ListRule {
  const to = typeof action === 'object' && 'to' in action ? action.to : [];
  const rule: ListRule = {
    ...(match?.path === undefined ? {} : { path: match.path }),
    ...(match?.headers === undefined ? {} : { headers: match.headers }),
    to: to.map(({ host, weight }) => ({ service: host.split('.')[0] ?? '', weight })),
    ...(mirrors === undefined ? {} : { mirror: mirrors[0]?.destination.host.split('.')[0] ?? '' }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !without.includes(key))) as unknown as ListRule;
}
