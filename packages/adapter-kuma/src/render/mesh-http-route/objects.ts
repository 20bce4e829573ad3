import type { KubeObject, RouteTable } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { MESH_LABEL } from '../../decode/tags.js';
import type { Service } from '../../decode/world-types.js';
import { toRef } from '../../encode/mesh-http-route/destinations.js';
import { weakerFirst } from '../callers.js';
import type { ServiceTask } from '../render-task.js';
import { dialsResources, limitObjects } from './limits.js';
import type { Run } from './rules.js';

export type Kind = 'MeshHTTPRoute' | 'MeshTCPRoute';

/** An item of an object: for callers, with rules that share their limits. */
export interface Item extends Run {
  readonly kind: Kind;
  readonly table: RouteTable;
  readonly target: Raw | undefined;
  /** Of the runs of one table. */
  readonly index: number;
  readonly port: number;
}

/** One object for each set of callers, and for each run of rules that share their limits; with the policies that limit them. */
export function objectsOf(kind: Kind, items: readonly Item[], task: ServiceTask, base: Service): readonly KubeObject[] {
  const { around, service } = task;
  const { world, env } = around;
  const hasLimits = items.some(({ limits }) => Object.keys(limits).length > 0);
  const isOld = world.release.major === 2 && world.release.minor < 9;
  // Policies for one MeshHTTPRoute and the route itself stand in one namespace.
  const home = isOld || (hasLimits && !dialsResources(world, base.mesh)) ? world.systemNamespace : base.namespace;
  const groups = [...Map.groupBy(items, ({ target, index, limits }) => JSON.stringify([target ?? null, index, limits])).values()].sort(
    ([a], [b]) => (a === undefined || b === undefined ? 0 : byStrength(a, b)),
  );
  const taken = task.names(kind, home);
  const names = namesFor(groups.length, service.name, taken);
  for (const name of names) taken.add(name);
  return groups.flatMap((group, n) => {
    const [first] = group;
    if (first === undefined) return [];
    const to = group.flatMap(({ port, rules }) => {
      const own = base.ports.find(({ number }) => number === port);
      return own === undefined ? [] : [{ targetRef: toRef(world, base, own, { namespace: home, isConsumer: false }), rules }];
    });
    const route: KubeObject = {
      apiVersion: env.served[kind] ?? 'kuma.io/v1alpha1',
      kind,
      metadata: { name: names[n], namespace: home, labels: { [MESH_LABEL]: base.mesh } },
      spec: { ...(first.target === undefined ? {} : { targetRef: first.target }), to },
    };
    return [route, ...limitObjects(first.limits, route, world, base.mesh)];
  });
}

/** Of as specific policies the one with the smaller name counts more, so runs are named in order, and stronger callers before weaker ones. */
function byStrength(a: Item, b: Item): number {
  if ((a.target === undefined) !== (b.target === undefined)) return a.target === undefined ? -1 : 1;
  return a.target === undefined ? a.index - b.index : weakerFirst(b.table, a.table) || a.index - b.index;
}

/** The Service's name, then with numbers, in their order; others where a name is taken. */
function namesFor(count: number, service: string, taken: ReadonlySet<string>): readonly string[] {
  const digits = String(count).length;
  for (let n = 0; ; n += 1) {
    const stem = n === 0 ? service : `${service}-routes${n === 1 ? '' : `-${n}`}`;
    const names = Array.from({ length: count }, (_, at) => (at === 0 ? stem : `${stem}-${String(at + 1).padStart(digits, '0')}`));
    if (!names.some((name) => taken.has(name))) return names;
  }
}
