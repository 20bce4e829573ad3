import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-kuma';
import {
  type Change,
  type Cluster,
  canonicalJson,
  describeService,
  type Intent,
  isSupported,
  type KubeObject,
  type Match,
  type MeshEnvironment,
  observe,
  planChange,
  type Refusal,
  requiredFeatures,
  type ServiceRef,
} from '@heddle/core';
import { beforeAll, expect, test } from 'vitest';
import { randomFrom } from '../../../scripts/record/generate/random.js';
import { clusterOf } from '../../../scripts/record/plan/case-cluster.js';
import { servicesOf, standingChange } from '../../../scripts/record/plan/plan-case.js';
import { sessionOf } from '../../../scripts/record/plan/session.js';
import { standingIntents } from '../../../scripts/record/plan/standing-intents.js';
import { type Golden, loadGoldens, withoutRefused } from '../src/goldens/index.js';
import { injected } from './support/injected.js';
import { writeEdits } from './support/write-edits.js';

const folder = fileURLToPath(new URL('../goldens/kuma', import.meta.url));
const env: MeshEnvironment = { version: '2.14.3', envoy: '1.40.0', served: {}, settings: {} };
/** What cannot be read of a mesh is named, and that is all there is to say; and what a Service is, nobody can help. */
const UNTOLD = ['service-ignored', 'no-such-port'];
const DRAWS = 2;
const NOTHING: Change = { owner: { kind: 'route', namespace: '', id: '' }, services: [], views: 'all', versions: [], intents: [] };

interface Planned {
  readonly what: string;
  readonly dimensions: readonly string[];
  readonly refused: readonly Refusal[];
  /** What is not as it was once the routes have been written and taken back. */
  readonly wrong: readonly string[];
  /** Whether a session stood beside it, in either order. */
  readonly beside: boolean;
}

let planned: readonly Planned[] = [];

beforeAll(async () => {
  const results: Planned[] = [];
  for (const [number, whole] of (await loadGoldens(folder)).entries()) {
    const golden = withoutRefused(whole, adapter, env);
    for (const [at, service] of servicesOf(golden.objects).entries()) {
      for (let draw = 0; draw < DRAWS; draw += 1) results.push(...(await planStanding(golden, service, [number, at, draw])));
    }
  }
  planned = results;
}, 600_000);

/** Entries drawn by the golden's number: splits, matches and mirrors of one service, written beside a session and taken back. */
async function planStanding(golden: Golden, service: ServiceRef, seed: readonly number[]): Promise<readonly Planned[]> {
  const random = randomFrom(...seed);
  const objects = golden.objects.map(injected);
  const session = sessionOf(service, golden.objects, random, golden.requests);
  const all = [...objects, ...session.objects.map(injected)];
  const versions = adapter.versions(service, await observe({ cluster: clusterOf(all), adapter, env }, { services: [service] }), env);
  if (versions.length === 0) return [];
  const drawn = standingIntents(
    random,
    versions.map(({ id }) => id),
    golden.requests,
  );
  const routing = all.some(({ kind }) => kind === 'TrafficRoute') ? 'TrafficRoute' : 'MeshHTTPRoute';
  const intents = drawn.intents.filter((intent) => isSayable(intent, routing));
  if (intents.length === 0) return [];
  const change = standingChange(service, versions, intents);
  const found: Planned = {
    what: `${golden.id} ${describeService(service)} ${JSON.stringify(intents)}`,
    dimensions: [...new Set(intents.flatMap((intent) => Object.keys(intent)))],
    refused: [],
    wrong: [],
    beside: false,
  };
  const cluster = clusterOf(all);
  const before = await routesIn(cluster);
  const planning = await plan(cluster, change);
  if ('refused' in planning) return [{ ...found, refused: planning.refused }];
  await writeEdits(cluster, planning.plan.edits);
  const again = await plan(cluster, change);
  const settled = 'plan' in again && again.plan.edits.length === 0 ? [] : [`encoding again: ${JSON.stringify(again).slice(0, 300)}`];
  const alone = await routesIn(cluster);
  const then = await apply(cluster, session.change);
  const both = await routesIn(cluster);
  const other = await inOrder(all, [session.change, change]);
  const back = await apply(cluster, removal(change));
  const left = await routesIn(cluster);
  await apply(cluster, removal(session.change));
  const after = await routesIn(cluster);
  const onlySession = await inOrder(all, [session.change]);
  return [
    {
      ...found,
      refused: [...then, ...back].filter(({ code }) => code === 'effect-check-failed'),
      beside: other !== undefined && then.length === 0,
      wrong: [
        ...settled,
        ...(back.length === 0 ? [] : [`removal is refused: ${back[0]?.message}`]),
        ...(then.length === 0 || both === alone ? [] : ['a refused session has left something']),
        ...(other === undefined || then.length > 0 || other === both ? [] : [`the other way round: ${both} or ${other}`]),
        ...(other === undefined || then.length > 0 || onlySession === left ? [] : [`without the route: ${left} or ${onlySession}`]),
        ...(after === before ? [] : [`${before} became ${after}`]),
      ],
    },
  ];
}

/** What a mesh that routes so has no words for is refused by name, and is another test's business. */
function isSayable(intent: Intent, routing: string): boolean {
  const declared = adapter.capabilities({ ...env, settings: { routing } });
  const change: Change = { ...NOTHING, intents: [intent] };
  return requiredFeatures(change).every((feature) => isSupported(declared, feature)) && intent.match.every(isPlain);
}

/** A MeshHTTPRoute takes one of the methods, and of a parameter a value or a pattern. */
const isPlain = ({ method, query = [] }: Match): boolean =>
  (method === undefined || 'exact' in method) && query.every(({ is }) => 'exact' in is || 'regex' in is);

const plan = (cluster: Cluster, change: Change) => planChange({ cluster, adapter, env }, change);
const removal = (change: Change): Change => ({ ...change, versions: [], intents: [] });

/** Why it is refused, if it is. */
async function apply(cluster: Cluster, change: Change): Promise<readonly Refusal[]> {
  const planning = await plan(cluster, change);
  if ('refused' in planning) return planning.refused;
  await writeEdits(cluster, planning.plan.edits);
  return [];
}

/** The routes after changes one by one; `undefined` where one of them is refused. */
async function inOrder(objects: readonly KubeObject[], changes: readonly Change[]): Promise<string | undefined> {
  const cluster = clusterOf(objects);
  for (const change of changes) if ((await apply(cluster, change)).length > 0) return undefined;
  return routesIn(cluster);
}

async function routesIn(cluster: Cluster): Promise<string> {
  const all = await Promise.all(['TrafficRoute', 'MeshHTTPRoute'].map((kind) => cluster.list({ group: 'kuma.io', kind })));
  const written = all.flat().map((object) => {
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = object.metadata as Record<string, unknown>;
    return canonicalJson({ ...object, metadata });
  });
  return written.sort().join('\n');
}

test('standing routes of recorded services pass both checks, or are refused by name with what would work instead', () => {
  const refusals = planned.flatMap(({ what, refused }) => refused.map((refusal) => ({ what, ...refusal })));
  expect(refusals.filter(({ code }) => code === 'effect-check-failed')).toEqual([]);
  expect(refusals.filter(({ instead, code }) => instead === undefined && !UNTOLD.includes(code))).toEqual([]);
  const done = planned.filter(({ refused }) => refused.length === 0);
  expect(done.length).toBeGreaterThan(140);
  for (const dimension of ['to', 'mirror'])
    expect(done.filter(({ dimensions }) => dimensions.includes(dimension)).length).toBeGreaterThan(50);
});

test('written and taken back they leave everything as it was, and beside a session the order tells nothing', () => {
  expect(planned.flatMap(({ what, wrong }) => wrong.map((one) => `${what}: ${one}`))).toEqual([]);
  expect(planned.filter(({ beside }) => beside).length).toBeGreaterThan(50);
});
