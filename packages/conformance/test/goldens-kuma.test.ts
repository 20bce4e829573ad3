import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-kuma';
import {
  answer,
  type Client,
  describeRef,
  type MeshEnvironment,
  metaOf,
  observeObjects,
  observeTarget,
  parseRequest,
  refOf,
  type ServiceRef,
  viewHolds,
  viewKey,
} from '@heddle/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { servicesOf } from '../../../scripts/record/plan/plan-case.js';
import { readWorld } from '../../adapter-kuma/src/decode/world.js';
import {
  answerDifference,
  type Golden,
  type GoldenResult,
  loadGoldens,
  refusedObjects,
  runGolden,
  summarise,
} from '../src/goldens/index.js';

const folder = fileURLToPath(new URL('../goldens/kuma', import.meta.url));
const env: MeshEnvironment = { served: {}, settings: {} };
let goldens: readonly Golden[] = [];

beforeAll(async () => {
  goldens = await loadGoldens(folder);
});

describe.each([
  ['the Envoy of today', undefined],
  ['the Envoy that Kuma 2.14.3 ships', '1.38.2'],
])('recorded Kuma answers, %s', (_, envoy) => {
  let results: readonly GoldenResult[] = [];

  beforeAll(() => {
    // Path and authority at the backend were recorded with the newer Envoy only.
    const options = envoy === undefined ? { details: ['seen', 'protocol', 'body'] as const } : { envoy };
    results = goldens.flatMap((golden) => runGolden(golden, adapter, { ...options, labels: 'pods' }));
  });

  test('no answer is wrong', () => {
    const wrong = results.flatMap((one) =>
      one.result === 'wrong' ? [`${one.id} request ${one.request} ${one.url}: ${one.difference}`] : [],
    );
    expect(wrong).toEqual([]);
  });

  test('every case is answered', () => {
    expect(summarise(results)).toEqual({ right: results.length, wrong: 0, cases: goldens.length, skipped: {} });
    expect(goldens.length).toBeGreaterThanOrEqual(119);
  });
});

/** A plan asks for services, not for hosts: their tables alone must give the recorded answers too. */
test('the tables of the services that are dialled give the same answers', () => {
  const wrong: string[] = [];
  for (const golden of goldens) {
    for (const recorded of golden.requests) {
      const request = parseRequest(recorded);
      const services = servicesOf(golden.objects).filter(({ name }) => name === request.host.split('.')[0]);
      expect(services).not.toEqual([]);
      const { tables } = decodeServices(golden, services);
      const ours = answer(tables, callerOf(golden), request);
      const { outcomes, ...rest } = ours;
      const bare = { ...rest, outcomes: outcomes.map(({ labels: _, ...outcome }) => outcome) };
      const recordedBare = { ...recorded.observed, outcomes: recorded.observed.outcomes.map(({ labels: _, ...outcome }) => outcome) };
      const difference = answerDifference(recordedBare, bare);
      if (difference !== undefined) wrong.push(`${golden.id} ${recorded.url}: ${difference}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every client falls in exactly one view', () => {
  const wrong: string[] = [];
  for (const golden of goldens) {
    const services = servicesOf(golden.objects);
    const { tables } = decodeServices(golden, services);
    const views = [...new Map(tables.map(({ view }) => [viewKey(view), view])).values()];
    for (const client of clients) {
      const held = views.filter((view) => viewHolds(view, client));
      if (held.length !== 1) wrong.push(`${golden.id}: ${JSON.stringify(client)} is in ${held.length} views`);
    }
  }
  expect(wrong).toEqual([]);
});

/** The record says which objects the mesh refused: from files we must know that by ourselves, and decode as validate does. */
test('what the mesh refused is refused, and nothing else', () => {
  const derived = goldens.map((golden) => [golden.id, refusedObjects(golden, adapter, env)]);
  expect(derived).toEqual(goldens.map(({ id, rejected }) => [id, [...rejected].sort()]));
  expect(goldens.some(({ rejected }) => rejected.length > 0)).toBe(true);
  for (const { id, objects, rejected } of goldens) {
    const { refused } = readWorld(observeObjects(objects, adapter.reads({ services: [] }, new Map(), env)), env);
    expect(refused.map(({ ref }) => `${ref.kind} ${ref.name}`).sort(), id).toEqual([...rejected].sort());
  }
});

function decodeServices(golden: Golden, services: readonly ServiceRef[]) {
  const decoded = adapter.decode({ services }, observeTarget({ adapter, env }, { services }, golden.objects), env);
  expect(decoded.gaps).toEqual([]);
  return decoded;
}

/** A case names its client by labels that tell which Pod it is. */
function callerOf({ client, objects }: Golden): Client {
  if (client.kind !== 'sidecar') return client;
  const pod = objects.find(
    (object) => refOf(object).kind === 'Pod' && Object.entries(client.labels).every(([key, value]) => metaOf(object).labels[key] === value),
  );
  expect(pod, `the Pod of ${JSON.stringify(client)}`).toBeDefined();
  expect(describeRef(refOf(pod))).toContain(client.namespace);
  return { ...client, labels: metaOf(pod).labels };
}

const clients: readonly Client[] = ['default', 'shop', 'other', 'kuma-system', 'nobody'].flatMap((namespace) =>
  [{}, { app: 'web' }, { app: 'web', env: 'dev' }, { env: 'prod' }, { env: 'prod', version: 'v2', app: 'web' }].map(
    (labels): Client => ({ kind: 'sidecar', namespace, labels }),
  ),
);
