import { answerDifference, type Detail, type Golden, type GoldenResult, parseGolden, runGolden } from '@heddle/conformance';
import { isRecord, type KubeObject, type MeshAdapter, type MeshEnvironment, refOf } from '@heddle/core';
import { load, loadAll } from 'js-yaml';
import type { Comparison, Difference } from './difference.ts';
import { LIMITS } from './limits.ts';

const OLDER = '1.38.3';
const DETAILS: readonly Detail[] = ['seen', 'protocol', 'body'];

/**
 * Holds an answered case against an adapter: each request's answer exactly, and which objects are refused. Where the file has
 * answers of an older Envoy, these are compared too.
 */
export function compareCase(text: string, adapter: MeshAdapter, env: MeshEnvironment): Comparison {
  const golden = parseGolden(text, 'answered');
  const results = runGolden(golden, adapter, { env, details: DETAILS });
  // A case was asked of the older Envoy as a whole, or not at all.
  const asked = golden.requests.some(({ observedOlderEnvoy }) => observedOlderEnvoy !== undefined);
  const older = asked ? runGolden(golden, adapter, { env, envoy: OLDER }) : [];
  const skipped: Record<string, number> = {};
  const explained: Record<string, number> = {};
  for (const one of results) {
    const limit = limitOf(golden, one);
    if (one.result === 'skipped') skipped[one.feature] = (skipped[one.feature] ?? 0) + 1;
    if (limit !== undefined) explained[limit] = (explained[limit] ?? 0) + 1;
  }
  const unexplained = (all: readonly GoldenResult[]) => all.filter((one) => limitOf(golden, one) === undefined);
  return {
    right: results.filter(({ result }) => result === 'right').length,
    differences: [...refusals(text, adapter, env), ...wrong(unexplained(results), 'newer'), ...wrong(unexplained(older), 'older')],
    skipped,
    explained,
  };
}

const wrong = (results: readonly GoldenResult[], envoy: string): readonly Difference[] =>
  results.flatMap((one) =>
    one.result === 'wrong' ? [{ request: one.request, url: one.url, says: one.difference, envoy, answer: one.answer }] : [],
  );

/** The limit of recording that a difference is about, and about nothing else. */
function limitOf(golden: Golden, one: GoldenResult): string | undefined {
  const recorded = golden.requests[one.request]?.observed;
  if (one.result !== 'wrong' || recorded === undefined) return undefined;
  return LIMITS.find((limit) => {
    const completed = limit.completed(recorded, one.answer, golden);
    return completed !== undefined && answerDifference(completed, one.answer, DETAILS) === undefined;
  })?.name;
}

/** Objects that were refused and that the adapter would accept, and the other way round. */
function refusals(text: string, adapter: MeshAdapter, env: MeshEnvironment): readonly Difference[] {
  if (adapter.validate === undefined) return [];
  const raw = load(text);
  if (!isRecord(raw) || typeof raw.objects !== 'string') return [];
  const refused = new Map(
    (Array.isArray(raw.rejected) ? raw.rejected : []).filter(isRecord).map(({ object, because }) => [String(object), String(because)]),
  );
  return loadAll(raw.objects)
    .filter(isRecord)
    .flatMap((object) => {
      const name = nameOf(object);
      const because = refused.get(name);
      const ours = adapter.validate?.(object, env) ?? [];
      const says =
        because !== undefined && ours.length === 0
          ? `${name} was refused (${because}), ours accepts it`
          : because === undefined && ours.length > 0
            ? `${name} was accepted, ours refuses it (${ours.map(({ message }) => message).join('; ')})`
            : undefined;
      return says === undefined ? [] : [{ request: -1, url: name, says, envoy: 'newer' }];
    });
}

function nameOf(object: KubeObject): string {
  const { kind, namespace, name } = refOf(object);
  return `${kind} ${namespace ?? ''}/${name}`;
}
