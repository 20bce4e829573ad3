import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-istio';
import {
  canonicalJson,
  describeService,
  type MeshEnvironment,
  metaOf,
  observe,
  planChange,
  type Refusal,
  type ServiceRef,
} from '@heddle/core';
import { beforeAll, expect, test } from 'vitest';
import { randomFrom } from '../../../scripts/record/generate/random.js';
import { clusterOf, objectsIn, writePlanned } from '../../../scripts/record/plan/case-cluster.js';
import { idsOf, labelledVersions, servicesOf, standingChange } from '../../../scripts/record/plan/plan-case.js';
import { standingIntents } from '../../../scripts/record/plan/standing-intents.js';
import { type Golden, loadGoldens, withoutRefused } from '../src/goldens/index.js';

const folder = fileURLToPath(new URL('../goldens/istio', import.meta.url));
const env: MeshEnvironment = { served: {}, settings: {} };
/** What cannot be read of a mesh is named, and that is all there is to say. */
const READ_GAPS = ['HTTPRoute'];

interface Planned {
  readonly what: string;
  readonly dimensions: readonly string[];
  readonly refused: readonly Refusal[];
  /** What is not as it was once the routes have been written and taken back. */
  readonly wrong: readonly string[];
}

let planned: readonly Planned[] = [];

beforeAll(async () => {
  const results: Planned[] = [];
  for (const [number, whole] of (await loadGoldens(folder)).entries()) {
    const golden = withoutRefused(whole, adapter, env);
    for (const [at, service] of servicesOf(golden.objects).entries()) {
      const result = await planStanding(golden, service, [number, at]);
      if (result !== undefined) results.push(result);
    }
  }
  planned = results;
}, 600_000);

/** Entries drawn by the golden's number: splits, matches, mirrors and faults of one service, written and taken back. */
async function planStanding(golden: Golden, service: ServiceRef, seed: readonly number[]): Promise<Planned | undefined> {
  const cluster = clusterOf(golden.objects);
  const mesh = { cluster, adapter, env };
  const named = adapter.versions(service, await observe(mesh, { services: [service] }), env);
  const labelled = labelledVersions(service, golden.objects);
  // Some by their Pods' labels alone, though the mesh has names for them.
  const versions = labelled.length > 0 && (named.length === 0 || (seed[0] ?? 0) % 3 === 0) ? labelled : named;
  if (versions.length === 0) return undefined;
  const random = randomFrom(...seed);
  const { intents } = standingIntents(random, idsOf({ service, versions }, golden.objects, random), golden.requests);
  const change = standingChange(service, versions, intents);
  const what = `${golden.id} ${describeService(service)} ${JSON.stringify(intents)}`;
  const dimensions = [...new Set([...intents.flatMap((intent) => Object.keys(intent)), ...(versions === labelled ? ['label'] : [])])];
  const contents = async () => canonicalJson((await objectsIn(cluster, golden.objects)).map((one) => [one.kind, metaOf(one).name, one]));
  const before = await contents();
  const planning = await planChange(mesh, change);
  if ('refused' in planning) return { what, dimensions, refused: planning.refused, wrong: [] };
  await writePlanned(cluster, planning.plan.edits, adapter, env);
  const again = await planChange(mesh, change);
  const removal = await planChange(mesh, { ...change, versions: [], intents: [] });
  if ('plan' in removal) await writePlanned(cluster, removal.plan.edits, adapter, env);
  const after = await contents();
  return {
    what,
    dimensions,
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

test('standing routes of recorded services pass both checks, or are refused by name with what would work instead', () => {
  const refusals = planned.flatMap(({ what, refused }) => refused.map((refusal) => ({ what, ...refusal })));
  expect(refusals.filter(({ code }) => code === 'effect-check-failed')).toEqual([]);
  expect(refusals.filter(({ instead, code }) => instead === undefined && !READ_GAPS.includes(code))).toEqual([]);
  const done = planned.filter(({ refused }) => refused.length === 0);
  expect(done.length).toBeGreaterThan(150);
  for (const dimension of ['to', 'mirror', 'fault', 'label'])
    expect(done.filter(({ dimensions }) => dimensions.includes(dimension)).length).toBeGreaterThan(50);
});

test('written and taken back, they leave everything as it was', () => {
  expect(planned.flatMap(({ wrong }) => wrong)).toEqual([]);
});
