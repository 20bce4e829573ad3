import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-istio';
import {
  type Change,
  type Cluster,
  canonicalJson,
  labelsMatch,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  observe,
  planChange,
  type Refusal,
  type ServiceRef,
  type Version,
} from '@heddle/core';
import { beforeAll, expect, test } from 'vitest';
import { servicesOf } from '../../../scripts/record/plan/plan-case.js';
import { createObjectCluster } from '../src/cases/object-cluster.js';
import { type Golden, loadGoldens, withoutRefused } from '../src/goldens/index.js';

const folder = fileURLToPath(new URL('../goldens/istio', import.meta.url));
const env: MeshEnvironment = { served: {}, settings: {} };

/** What cannot be read of a mesh is named, and that is all there is to say. */
const READ_GAPS = ['HTTPRoute'];

interface Planned {
  readonly what: string;
  readonly refused: readonly Refusal[];
  /** What is not as it was once the split has been written and taken back. */
  readonly wrong: readonly string[];
}

let planned: readonly Planned[] = [];

beforeAll(async () => {
  const results: Planned[] = [];
  for (const whole of await loadGoldens(folder)) {
    const golden = withoutRefused(whole, adapter, env);
    for (const service of servicesOf(golden.objects)) {
      const result = await planSplit(golden, service);
      if (result !== undefined) results.push(result);
    }
  }
  planned = results;
}, 300_000);

/** A split of a service among the first two subsets that the recorded mesh knows. */
async function planSplit(golden: Golden, service: ServiceRef): Promise<Planned | undefined> {
  const cluster = createObjectCluster(golden.objects);
  const mesh = { cluster, adapter, env };
  const known = adapter.versions(service, await observe(mesh, { services: [service] }), env);
  // Those that have a pod, as far as there are two.
  const versions = known.toSorted((a, b) => Number(hasPod(b, golden)) - Number(hasPod(a, golden))).slice(0, 2);
  if (versions.length < 2) return undefined;
  const change: Change = {
    owner: { kind: 'route', namespace: service.namespace, id: `${service.name}.split` },
    services: [service],
    views: 'all',
    versions,
    intents: [{ match: [], to: versions.map(({ id }, index) => ({ version: id, weight: index === 0 ? 60 : 40 })) }],
  };
  const what = `${golden.id} ${service.namespace}/${service.name}:${service.port}`;
  const before = await contents(cluster, golden);
  const planning = await planChange(mesh, change);
  if ('refused' in planning) return { what, refused: planning.refused, wrong: [] };
  await write(cluster, planning.plan.edits);
  const again = await planChange(mesh, change);
  const removal = await planChange(mesh, { ...change, versions: [], intents: [] });
  if ('plan' in removal) await write(cluster, removal.plan.edits);
  const after = await contents(cluster, golden);
  return {
    what,
    refused: [],
    wrong: [
      ...('plan' in again && again.plan.edits.length === 0
        ? []
        : [`${what}: encoding again is not nothing: ${JSON.stringify(again).slice(0, 300)}`]),
      ...('plan' in removal ? [] : [`${what}: removal is refused: ${removal.refused[0]?.message}`]),
      ...(after === before ? [] : [`${what}: ${before} became ${after}`]),
    ],
  };
}

function hasPod(version: Version, { objects }: Golden): boolean {
  if (version.realise === 'service') return false;
  return objects.some((object) => object.kind === 'Pod' && labelsMatch(version.labels, metaOf(object).labels));
}

async function write(cluster: Cluster, edits: readonly ObjectEdit[]): Promise<void> {
  for (const edit of edits) {
    if (edit.op === 'create') await cluster.create(edit.body);
    else if (edit.op === 'replace') await cluster.replace(edit.body);
    else await cluster.delete(edit.ref, edit);
  }
}

async function contents(cluster: Cluster, golden: Golden): Promise<string> {
  const all = await cluster.list({ group: 'networking.istio.io', kind: 'VirtualService' });
  const users = golden.objects.filter(({ kind }) => kind === 'VirtualService').length;
  return canonicalJson([all.length === users, all.map((object) => [metaOf(object).name, object.spec])]);
}

test('splits of recorded services pass both checks, or are refused for a reason of their own', () => {
  const refusals = planned.flatMap(({ what, refused }) => refused.map((refusal) => ({ what, ...refusal })));
  expect(refusals.filter(({ code }) => code === 'effect-check-failed')).toEqual([]);
  expect(refusals.filter(({ instead, code }) => instead === undefined && !READ_GAPS.includes(code))).toEqual([]);
  expect(planned.filter(({ refused }) => refused.length === 0).length).toBeGreaterThan(150);
});

test('written and taken back, they leave everything as it was', () => {
  expect(planned.flatMap(({ wrong }) => wrong)).toEqual([]);
});
