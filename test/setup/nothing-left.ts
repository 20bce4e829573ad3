import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';

/**
 * Test files that share a worker must leave it as they found it: no server that listens, no program that runs, no variable of the
 * environment changed. The file that leaves something fails here, not another one that happens to come after it.
 */
const PATIENCE_MS = 5000;
const running = () => process.getActiveResourcesInfo().filter((kind) => /Server|Process/.test(kind));
const environment = () => ({ ...process.env });

let found: { readonly running: number; readonly environment: NodeJS.ProcessEnv };
beforeAll(() => {
  found = { running: running().length, environment: environment() };
});

afterAll(async () => {
  const isMore = () => running().length > found.running;
  // What was just closed or killed is counted until the event loop has heard of it.
  for (const began = performance.now(); isMore() && performance.now() - began < PATIENCE_MS; ) await sleep(10);
  expect(isMore(), `servers or programs that this file leaves, among ${running().join(', ')}`).toBe(false);
  expect(environment(), 'the environment that this file leaves').toEqual(found.environment);
});
