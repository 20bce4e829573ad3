import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import {
  type Answer,
  answer,
  type Client,
  type Destination,
  decodeTarget,
  detectMeshes,
  evaluate,
  fileRouting,
  type KubeObject,
  labelsMatch,
  type MeshAdapter,
  metaOf,
  type PodRef,
  parseRequest,
  parseRoutesFile,
  type Request,
  type RouteTable,
} from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileCluster } from '../src/services/files/file-cluster.js';
import { meshWithoutCluster } from '../src/services/mesh-choice/mesh-without-cluster.js';
import { renderAsRead } from '../src/services/routes-file/render-as-read.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 20);
const NAMESPACE = 'shop';
const PORT = 9080;
const VERSIONS = ['v1', 'v2', 'v3'];

const workload = (name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: NAMESPACE, name, labels },
  spec: { containers: [{ name: 'main', ports: [{ containerPort: PORT }] }] },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
});
const pods = VERSIONS.map((version) => workload(`reviews-${version}`, { app: 'reviews', version }));
const objects: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name: 'reviews' },
    spec: { selector: { app: 'reviews' }, ports: [{ port: PORT, appProtocol: 'http', targetPort: PORT }] },
  },
  ...pods,
  workload('web', { app: 'web' }),
];
const client: Client = { kind: 'sidecar', namespace: NAMESPACE, labels: { app: 'web' } };

const word = fc.constantFrom('a', 'ab', 'b');
const text = fc.oneof(
  word,
  word.map((exact) => ({ exact })),
  word.map((prefix) => ({ prefix })),
  fc.constantFrom('a.*', 'a|b', '[^a].*').map((regex) => ({ regex })),
  fc.constant({ present: true }),
  fc.constant({ absent: true }),
  word.map((exact) => ({ not: { exact } })),
  fc.constant({ not: { regex: 'a.*' } }),
);
const path = fc.oneof(
  fc.constantFrom('/', '/a', '/a/b').map((exact) => ({ exact })),
  fc.constantFrom('/a', '/a/b').map((prefix) => ({ prefix })),
  fc.constantFrom('/a', '/a/').map((rawPrefix) => ({ rawPrefix })),
  fc.constantFrom({ exact: '/A', ignoreCase: true }, { prefix: '/A', ignoreCase: true }, { rawPrefix: '/A', ignoreCase: true }),
  fc.constantFrom('/a.*', '/(a|b)').map((regex) => ({ regex })),
);
const condition = fc
  .record(
    {
      path,
      method: fc.constantFrom('GET', 'POST', { regex: 'GET|HEAD' }),
      headers: fc.dictionary(fc.constantFrom('x', 'y'), text, { minKeys: 1, maxKeys: 2 }),
      query: fc.dictionary(fc.constant('q'), word, { minKeys: 1 }),
      authority: fc.constantFrom('reviews:9080', { prefix: 'reviews.' }, { regex: 'reviews.*' }),
      scheme: fc.constantFrom('http', 'https'),
    },
    { requiredKeys: [] },
  )
  .filter((one) => Object.keys(one).length > 0);
const version = fc.constantFrom(...VERSIONS);
const percent = fc.constantFrom(100, 10, 0.5);
const action = fc.oneof(
  version.map((to) => ({ to })),
  fc.constantFrom({ v1: 90, v3: 10 }, { v1: 50, v2: 50 }, { v2: 0, v3: 100 }).map((split) => ({ split })),
  fc.record({ to: version, percent }).map((mirror) => ({ mirror })),
  fc
    .record({ delay: fc.constantFrom('1s', '20ms'), abort: fc.constantFrom(503, 404), percent }, { requiredKeys: ['percent', 'delay'] })
    .map((fault) => ({ fault })),
);
const route = fc
  .tuple(fc.option(fc.oneof(condition, fc.array(condition, { minLength: 1, maxLength: 2 })), { nil: undefined, freq: 3 }), action)
  .map(([match, does]) => ({ service: 'reviews', ...(match === undefined ? {} : { match }), ...does }));
const documents = fc.array(route, { minLength: 1, maxLength: 4 }).map((routes) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Routes',
  metadata: { name: 'demo', namespace: NAMESPACE },
  routes: routes.map((one, index) => ({ ...one, name: `r${index}` })),
}));

const HEADERS = [undefined, '', 'a', 'ab', 'b', 'c'];
const WHERE = ['/', '/a', '/A', '/a/', '/x/../a', '//a', '/a/b', '/ab', '/b', '/a?q=a', '/a/b?q=b'].flatMap((path) => [
  `reviews:${PORT}${path}`,
  `reviews.${NAMESPACE}:${PORT}${path}`,
]);
const requests: readonly Request[] = WHERE.flatMap((where) =>
  ['GET', 'POST', 'HEAD'].flatMap((method) =>
    HEADERS.flatMap((x) =>
      ['a', undefined].map((y) =>
        parseRequest({
          method,
          url: `http://${where}`,
          headers: [...(x === undefined ? [] : [['x', x] as const]), ...(y === undefined ? [] : [['y', y] as const])],
        }),
      ),
    ),
  ),
);

/** The table with the Pods that each destination has. */
function withPods(table: RouteTable): RouteTable {
  const of = (to: Destination): Destination => ({
    ...to,
    endpoints: pods.filter((pod) => labelsMatch(to.labels ?? {}, metaOf(pod).labels)).map(refOf),
  });
  const all = (to: readonly Destination[]) => to.map(of);
  return {
    ...table,
    rules: table.rules.map((rule) => ({
      ...rule,
      action: typeof rule.action === 'object' && 'to' in rule.action ? { to: all(rule.action.to) } : rule.action,
      ...(rule.mirrors === undefined
        ? {}
        : { mirrors: rule.mirrors.map((mirror) => ({ ...mirror, destination: of(mirror.destination) })) }),
    })),
    otherwise: typeof table.otherwise === 'object' && 'to' in table.otherwise ? { to: all(table.otherwise.to) } : table.otherwise,
  };
}

const refOf = (pod: KubeObject): PodRef => ({ namespace: NAMESPACE, name: metaOf(pod).name });

/** Where a request goes, by Pod, and what else becomes of it. */
function fateOf({ outcomes, mirrors = [], faults = {}, status }: Answer) {
  const shares: Record<string, number> = {};
  for (const { probability, pods: all = [] } of outcomes) {
    for (const { name } of all) shares[name] = Number(((shares[name] ?? 0) + probability / all.length).toFixed(6));
  }
  const copies = mirrors.map(({ pods: all, percent: part }) => `${all.map(({ name }) => name).join()} ${part} %`).sort();
  return { status, shares, copies, faults };
}

describe.each<[string, MeshAdapter, Readonly<Record<string, string>>]>([
  ['istio', istio, {}],
  ['kuma', kuma, {}],
  ['kuma by TrafficRoute', kuma, { routing: 'TrafficRoute' }],
])('what is rendered for %s', (_, adapter, settings) => {
  const part = {
    kind: 'adapter',
    id: adapter.id,
    apiVersion: 1,
    module: adapter.id,
    package: adapter.id,
    version: '1',
    origin: 'core',
  } as const;
  const catalogue = { parts: [part], problems: [] };
  const installed = { catalogue, importModule: async () => ({ default: adapter }), detect: detectMeshes };

  test('does to every request what the file says, but for the losses that it lists', async () => {
    let followed = 0;
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const { file } = parseRoutesFile(document);
        fc.pre(file !== undefined);
        const routing = fileRouting([{ file, namespace: NAMESPACE }], objects);
        fc.pre(routing.problems.length === 0);
        const mesh = await meshWithoutCluster(installed, { mesh: adapter.id, settings }, objects);
        const result = await renderAsRead(mesh, routing.services, objects);
        if (result === undefined) throw new Error('nothing is rendered');
        const { services } = result;
        const { objects: made, losses } = result.rendered;
        const rendered = new Map([...(adapter.adopt?.(objects, mesh.env) ?? objects), ...made].map((object) => [keyOf(object), object]));
        const cluster = fileCluster([...rendered.values()], adapter.kinds, (group) => adapter.kinds.some((kind) => kind.group === group));
        const { decoded } = await decodeTarget(
          { cluster, adapter, env: mesh.env },
          { services: [{ namespace: NAMESPACE, name: 'reviews', port: PORT }] },
        );
        const [table] = services[0]?.tables ?? [];
        if (table === undefined) throw new Error('no table');
        const wanted = withPods(table);
        for (const request of requests) {
          const expected = evaluate(wanted, request, mesh.env);
          const rule = table.rules[expected.trace.findIndex(({ matched }) => matched)];
          const isLost = losses.some((loss) =>
            loss.rule === undefined ? loss.table === undefined || rule === undefined : loss.rule === rule,
          );
          if (isLost) continue;
          followed += 1;
          expect({ request, ...fateOf(answer(decoded.tables, client, request, mesh.env)) }).toEqual({ request, ...fateOf(expected) });
        }
      }),
      { numRuns: RUNS },
    );
    expect(followed).toBeGreaterThan(0);
  }, 120_000);
});

const keyOf = (object: KubeObject) => `${String(object.kind)}/${metaOf(object).namespace}/${metaOf(object).name}`;
