import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type Answer, decodeTarget, explainRequest, type MeshAdapter, type Request, requestHosts, type Scenario } from '@heddle/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from './support/call.js';
import type { Seen } from './support/echo-pods.js';
import { callerOf, holding, type Running, start } from './support/running-mesh.js';
import { httpRouteWorld, ISTIO, KUMA, kumaWorld, virtualServiceWorld, type World } from './support/sandbox-worlds.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 20);

const MOST_CALLS = 400;
/** A pod that gets less than that need not have been seen. */
const SURE = 0.05;

const nameOf = ({ namespace, name }: Seen['pod']) => `${namespace}/${name}`;

/** What a request can come to, as explained: the shares of pods, and of statuses that the proxy answers with. */
function expectations({ outcomes, status, faults, redirect }: Answer) {
  const pods = new Map<string, number>();
  const statuses = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, share: number) => to.set(key, (to.get(key) ?? 0) + share);
  const aborted = (faults?.abort?.percent ?? 0) / 100;
  if (aborted > 0) add(statuses, String(faults?.abort?.status), aborted);
  const left = 1 - aborted;
  if (outcomes.length === 0 && left > 0)
    add(statuses, redirect === undefined ? String(status) : `${redirect.code} ${redirect.location}`, left);
  for (const { probability, pods: behind = [], status: own } of outcomes) {
    if (behind.length === 0) add(statuses, String(own), probability * left);
    for (const pod of behind) add(pods, nameOf(pod), (probability * left) / behind.length);
  }
  return { pods, statuses };
}

/** Calls until everything likely was seen; each answer must be one of the explained ones. */
async function compare(url: string, request: Request, answer: Answer): Promise<void> {
  const { pods, statuses } = expectations(answer);
  const likely = [...pods, ...statuses].filter(([, share]) => share > SURE).map(([key]) => key);
  const seen = new Set<string>();
  const ownAuthorities = answer.notes.some((note) => note.startsWith('each destination sees an authority of its own'));
  for (let calls = 0; calls < MOST_CALLS && likely.some((key) => !seen.has(key)); calls += 1) {
    const { status, location, server, body } = await call(url, request);
    if (server === undefined && status === 200) {
      const { pod, path, authority } = JSON.parse(body) as Seen;
      expect([...pods.keys()]).toContain(nameOf(pod));
      expect({ path, authority: ownAuthorities ? answer.seen?.authority : authority }).toEqual(answer.seen);
      seen.add(nameOf(pod));
      continue;
    }
    const got = location === undefined ? String(status) : `${status} ${location}`;
    expect([...statuses.keys()], body).toContain(got);
    if (answer.body !== undefined && got === String(answer.status)) expect(body).toBe(answer.body);
    seen.add(got);
  }
  expect(likely.filter((key) => !seen.has(key))).toEqual([]);
}

/** Requests that the mesh sends on unrouted, and requests that it cannot explain, are counted apart. */
async function explainedAndSent(
  running: Running,
  { requests }: World,
  counts: Record<'explained' | 'unrouted' | 'unknown', number>,
): Promise<void> {
  const { sandbox, context } = running;
  const caller = await callerOf(running);
  const { envoy } = context.env;
  for (const request of requests) {
    const { decoded } = await decodeTarget(context, { services: [], hosts: requestHosts(request) });
    if (decoded.gaps.length > 0) {
      expect(await call(sandbox.clientUrl, request)).toMatchObject({ status: 501 });
      counts.unknown += 1;
      continue;
    }
    const { answer } = explainRequest(decoded.tables, caller, request, envoy === undefined ? {} : { envoy });
    if (answer.outcomes.some(({ host }) => host === 'PassthroughCluster')) {
      const { server, status, body } = await call(sandbox.clientUrl, request);
      if (server === undefined && status === 200)
        expect(JSON.parse(body)).toMatchObject({ path: request.path, authority: request.authority });
      else expect([502, 503]).toContain(status);
      counts.unrouted += 1;
      continue;
    }
    try {
      await compare(sandbox.clientUrl, request, answer);
    } catch (error) {
      throw new Error(`${JSON.stringify(request)} explained as ${JSON.stringify({ ...answer, trace: [] })}`, { cause: error });
    }
    counts.explained += 1;
  }
}

describe.each<[string, MeshAdapter, Scenario, fc.Arbitrary<World>]>([
  ['VirtualServices and DestinationRules', istio, ISTIO, virtualServiceWorld],
  ['HTTPRoutes', istio, ISTIO, httpRouteWorld],
  ['MeshHTTPRoutes and TrafficRoutes', kuma, KUMA, kumaWorld],
])('%s in a sandbox', (_, adapter, scenario, worlds) => {
  let running: Running;
  beforeAll(async () => {
    running = await start(adapter, scenario);
  });
  afterAll(() => running.sandbox.stop());

  test('its data plane does with each request what is explained', async () => {
    const counts = { explained: 0, unrouted: 0, unknown: 0 };
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        await holding(running, world.objects, () => explainedAndSent(running, world, counts));
      }),
      { numRuns: RUNS },
    );
    expect(counts.explained).toBeGreaterThan(RUNS * 2);
  });
});
