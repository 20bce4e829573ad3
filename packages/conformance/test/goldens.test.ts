import { fileURLToPath } from 'node:url';
import { adapter } from '@heddle/adapter-istio';
import { beforeAll, describe, expect, test } from 'vitest';
import { type GoldenResult, loadGoldens, refusedObjects, runGolden, summarise } from '../src/goldens/index.js';

const folder = fileURLToPath(new URL('../goldens/istio', import.meta.url));

/** Cases that are answered, all requests of them; the rest is listed by feature below. Only ever raised. */
const ANSWERED_CASES = 363;

/** What is not read yet, with the number of requests that are skipped for it. */
const SKIPPED = {};

describe.each([
  ['the Envoy of today', undefined],
  ['an Envoy before 1.39', '1.38.3'],
])('recorded Istio answers, %s', (_, envoy) => {
  let results: readonly GoldenResult[] = [];

  beforeAll(async () => {
    const goldens = await loadGoldens(folder);
    // Path and authority at the backend were recorded with the newer Envoy only.
    const options = envoy === undefined ? { details: ['seen', 'protocol', 'body'] as const } : { envoy };
    results = goldens.flatMap((golden) => runGolden(golden, adapter, options));
  });

  test('no answer is wrong', () => {
    const wrong = results.flatMap((one) =>
      one.result === 'wrong' ? [`${one.id} request ${one.request} ${one.url}: ${one.difference}`] : [],
    );
    expect(wrong).toEqual([]);
  });

  test('as many cases are answered as before', () => {
    expect(summarise(results).cases).toBeGreaterThanOrEqual(ANSWERED_CASES);
  });

  test('what is skipped is skipped for a feature that is named', () => {
    expect(summarise(results).skipped).toEqual(SKIPPED);
  });
});

/** The record says which objects the mesh refused: from files we must know that by ourselves. */
test('what the mesh refused is refused, and nothing else', async () => {
  const goldens = await loadGoldens(folder);
  const derived = goldens.map((golden) => [golden.id, refusedObjects(golden, adapter, { served: {}, settings: {} })]);
  expect(derived).toEqual(goldens.map(({ id, rejected }) => [id, [...rejected].sort()]));
  expect(goldens.some(({ rejected }) => rejected.length > 0)).toBe(true);
});
