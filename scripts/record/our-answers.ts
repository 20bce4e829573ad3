import { type GoldenResult, type Reader, runGolden } from '@heddle/conformance';
import type { MeshEnvironment } from '@heddle/core';
import type { RoutingCase } from './routing-case.ts';

/** What the adapter answers to each request of a case; nothing is compared, so results are `wrong` or `skipped` alike. */
export function ourAnswers(
  { id, title, objects, client, requests }: RoutingCase,
  adapter: Reader,
  env: MeshEnvironment,
): readonly GoldenResult[] {
  const asked = requests.map((request) => ({ ...request, observed: { outcomes: [] } }));
  return runGolden({ id, title, mesh: '', objects, client, rejected: [], requests: asked }, adapter, { env });
}
