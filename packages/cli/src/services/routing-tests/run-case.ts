import type { TestRequest } from '@heddle/core';
import { hintsFor } from './hints.js';
import { type PreparedCase, prepareCase } from './prepare-case.js';
import { recordingOf } from './record/record-case.js';
import type { CaseReport, LoadedCase, RequestReport } from './types.js';
import type { World } from './worlds.js';

export interface RunCase {
  readonly worldOf: (file: string, one: LoadedCase) => Promise<World>;
  readonly envoy?: string;
  readonly record: boolean;
}

/** Runs all requests of a case. Throws user errors about its objects, its mesh and its client. */
export async function runCase(file: string, one: LoadedCase, { worldOf, envoy, record }: RunCase): Promise<CaseReport> {
  const world = await worldOf(file, one);
  const prepared = await prepareCase(world, one, envoy);
  const requests: RequestReport[] = [];
  for (const [index, request] of one.test.requests.entries()) {
    const line = one.lineOf([...one.test.path, 'requests', index]);
    requests.push({ ...(await runOne(world, prepared, one, request, record)), number: index + 1, line });
  }
  const { caller } = prepared;
  const { document, line, test } = one;
  const version = prepared.envoy === undefined ? {} : { envoy: prepared.envoy };
  return { test, document, line, caller, mesh: world.mesh, ...version, requests, refused: world.refused };
}

type Outcome = Omit<RequestReport, 'number' | 'line'>;

async function runOne(world: World, prepared: PreparedCase, one: LoadedCase, request: TestRequest, record: boolean): Promise<Outcome> {
  const recording = record ? await recordingOf(prepared, request, world.lastingPods) : undefined;
  const { seen, ...observed } = recording?.finding ?? {};
  const current = { ...request, ...observed, ...(seen === undefined ? {} : { expect: { ...request.expect, seen } }) };
  const result = await prepared.answer(current, prepared.envoy);
  const failed = result.undecided !== undefined || result.differences.length > 0;
  const hints = failed ? await hintsFor(world.connection.cluster, request, result, one.test.client, prepared) : [];
  const outcome = failed ? 'failed' : recording === undefined ? 'passed' : 'recorded';
  const { problems: _, ...answer } = result;
  return { ...answer, request, result: outcome, hints, ...(recording ?? { wrote: [] }) };
}
