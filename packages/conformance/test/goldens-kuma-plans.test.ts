import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-kuma';
import {
  type Change,
  type Cluster,
  canonicalJson,
  type KubeObject,
  type Match,
  type MeshEnvironment,
  metaOf,
  observeObjects,
  observeTarget,
  type Planning,
  planChange,
  refKey,
  refOf,
  type ServiceRef,
  simulate,
} from '@heddle/core';
import { beforeAll, expect, test } from 'vitest';
import { servicesOf } from '../../../scripts/record/plan/plan-case.js';
import { createObjectCluster } from '../src/cases/object-cluster.js';
import { type Golden, loadGoldens, withoutRefused } from '../src/goldens/index.js';
import { injected } from './support/injected.js';
import { writeEdits } from './support/write-edits.js';

const folder = fileURLToPath(new URL('../goldens/kuma', import.meta.url));
const env: MeshEnvironment = { version: '2.14.3', envoy: '1.40.0', served: {}, settings: {} };
/** Hundreds of plans: on a busy machine they take their time. */
const LONG = 180_000;
let goldens: readonly Golden[] = [];

beforeAll(async () => {
  goldens = (await loadGoldens(folder)).map((golden) => withoutRefused(golden, adapter, env));
});

interface Planned {
  readonly golden: Golden;
  readonly service: ServiceRef;
  readonly refused: readonly string[];
  /** What is not as it was after the undo. */
  readonly undone: readonly string[];
}

/** Plans a change for every service of every recorded case, applies it and takes it back. */
async function planAll(changeFor: (service: ServiceRef, golden: Golden) => Change, more: (service: ServiceRef) => readonly KubeObject[]) {
  const results: Planned[] = [];
  for (const golden of goldens) {
    for (const service of servicesOf(golden.objects)) {
      const cluster = createObjectCluster([...golden.objects.map(injected), ...more(service)]);
      const change = changeFor(service, golden);
      const before = await contentOf(cluster, golden);
      const planning = await planChange({ cluster, adapter, env }, change);
      const refused = refusalsOf(planning);
      if ('plan' in planning) await writeEdits(cluster, planning.plan.edits);
      const undone = 'plan' in planning ? await undo(cluster, change, golden, before) : [];
      results.push({ golden, service, refused, undone });
    }
  }
  return results;
}

const refusalsOf = (planning: Planning): readonly string[] =>
  'plan' in planning ? [] : planning.refused.map(({ code, message }) => `${code}: ${message}`);

async function undo(cluster: Cluster, change: Change, golden: Golden, before: string): Promise<readonly string[]> {
  const again = await planChange({ cluster, adapter, env }, change);
  const planning = await planChange({ cluster, adapter, env }, { ...change, versions: [], intents: [] });
  if (!('plan' in planning)) return refusalsOf(planning);
  await writeEdits(cluster, planning.plan.edits);
  const after = await contentOf(cluster, golden);
  return [
    ...('plan' in again && again.plan.edits.length === 0 ? [] : [`encoding again: ${JSON.stringify(again).slice(0, 300)}`]),
    ...(after === before ? [] : [`${before} became ${after}`]),
  ];
}

/** Every object of the mesh, without what the server sets. */
async function contentOf(cluster: Cluster, golden: Golden): Promise<string> {
  const kinds = [...new Set(['TrafficRoute', 'MeshHTTPRoute', ...golden.objects.map(({ kind }) => String(kind))])];
  const all = await Promise.all(kinds.flatMap((kind) => ['kuma.io', ''].map((group) => cluster.list({ group, kind }))));
  const content = all.flat().map((object) => {
    const { resourceVersion: _version, ...metadata } = object.metadata as Record<string, unknown>;
    return [refKey(refOf(object)), canonicalJson({ ...object, metadata })] as const;
  });
  return JSON.stringify(content.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const FIRST = 't1a2b3c4d5e6';
const SECOND = 't2a2b3c4d5e6';

const shadowName = (id: string) => `heddle-it-${id}`;

function shadowOf({ namespace, port }: ServiceRef, id = FIRST): readonly KubeObject[] {
  const labels = { 'heddle.dev/session': id };
  const name = shadowName(id);
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: labels, ports: [{ port, targetPort: 8080, appProtocol: 'http' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { containers: [{ name: 'agent' }, { name: 'kuma-sidecar' }] },
      status: { phase: 'Running', podIP: '10.9.9.9', conditions: [{ type: 'Ready', status: 'True' }] },
    },
  ];
}

function session(service: ServiceRef, id = FIRST, match: Match = { headers: [{ name: 'x-heddle', is: { exact: id } }] }): Change {
  return {
    owner: { kind: 'session', namespace: service.namespace, id },
    services: [service],
    views: 'all',
    versions: [{ id, realise: 'service', service: { namespace: service.namespace, name: shadowName(id) } }],
    intents: [{ match: [match], to: [{ version: id, weight: 100 }] }],
  };
}

function split(service: ServiceRef): Change {
  return {
    owner: { kind: 'route', namespace: service.namespace, id: service.name },
    services: [service],
    views: 'all',
    versions: ['v1', 'v2'].map((id) => ({ id, realise: 'tag' as const, labels: { version: id } })),
    intents: [{ match: [], to: ['v1', 'v2'].map((version, at) => ({ version, weight: at === 0 ? 90 : 10 })) }],
  };
}

const told = ({ golden, service, refused, undone }: Planned) =>
  `${golden.id} ${service.name}:${service.port}: ${[...refused, ...undone].join('; ')}`;

const byPath: Match = { path: { kind: 'segmentPrefix', value: '/api' }, headers: [{ name: 'end-user', is: { prefix: 'j' } }] };

test.each([
  ['a session', (service: ServiceRef) => session(service), shadowOf, 130],
  ['a session by path and prefix', (service: ServiceRef) => session(service, FIRST, byPath), shadowOf, 90],
  ['a standing split', split, () => [], 95],
] as const)(
  '%s on any service is planned or refused with a reason of its own, and undone byte for byte',
  async (_, changeFor, more, least) => {
    const results = await planAll(changeFor, more);
    const failed = results.filter(
      ({ refused, undone }) => undone.length > 0 || refused.some((why) => why.startsWith('effect-check-failed')),
    );
    expect(failed.map(told)).toEqual([]);
    expect(results.filter(({ refused }) => refused.length === 0).length).toBeGreaterThanOrEqual(least);
  },
  LONG,
);

test(
  'two sessions and a split give the same objects in any order, and each can go alone',
  () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const golden of goldens) {
      for (const service of servicesOf(golden.objects)) {
        const second = session(service, SECOND, { headers: [{ name: 'x-other', is: { present: true } }] });
        const changes = [session(service), second, split(service)];
        const objects = [...golden.objects.map(injected), ...shadowOf(service, FIRST), ...shadowOf(service, SECOND)].map(stored);
        const [forth, back] = [inOrder(objects, changes), inOrder(objects, changes.toReversed())];
        if (forth === undefined || back === undefined) continue;
        compared += 1;
        if (routesIn(forth) !== routesIn(back)) wrong.push(`${golden.id} ${service.name}: ${routesIn(forth)} or ${routesIn(back)}`);
        const gone = changes.filter((one) => one !== second).map((one) => ({ ...one, versions: [], intents: [] }));
        const [alone, left] = [inOrder(objects, [second]), inOrder(back, gone)];
        if (alone === undefined || left === undefined || routesIn(alone) !== routesIn(left))
          wrong.push(`${golden.id} ${service.name}: left`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(80);
  },
  LONG,
);

/** `undefined`: one of the changes is refused. Without the checks of a plan, which say nothing of objects. */
function inOrder(objects: readonly KubeObject[], changes: readonly Change[]): readonly KubeObject[] | undefined {
  let state: readonly KubeObject[] | undefined = objects;
  for (const change of changes) state = state === undefined ? undefined : encoded(state, change);
  return state;
}

function encoded(objects: readonly KubeObject[], change: Change): readonly KubeObject[] | undefined {
  const target = adapter.affects(change, observeTarget({ adapter, env }, { services: change.services }, objects), env);
  let seen = observeTarget({ adapter, env }, target, objects);
  const first = adapter.encode(change, seen, env);
  // As core does: what the edits lead to is read, and then encoded again.
  if ('ok' in first) seen = observeObjects(objects, adapter.reads(target, simulate(seen, first.ok), env));
  const planned = adapter.encode(change, seen, env);
  if ('refused' in planned) return undefined;
  return planned.ok.reduce((state: readonly KubeObject[], edit) => {
    const others = state.filter((object) => refKey(refOf(object)) !== refKey(edit.ref));
    return edit.op === 'delete' ? others : [...others, edit.op === 'create' ? stored(edit.body) : edit.body];
  }, objects);
}

function stored(object: KubeObject): KubeObject {
  const { name, namespace = '' } = metaOf(object);
  return { ...object, metadata: { uid: `${namespace}/${name}`, resourceVersion: '1', ...(object.metadata as object) } };
}

/** The routes alone, whoever stored them when. */
function routesIn(objects: readonly KubeObject[]): string {
  const routes = objects.filter(({ kind }) => kind === 'TrafficRoute' || kind === 'MeshHTTPRoute');
  const content = routes.map((object) => {
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = object.metadata as Record<string, unknown>;
    return canonicalJson({ ...object, metadata });
  });
  return JSON.stringify(content.sort());
}
