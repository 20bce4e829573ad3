import {
  type Answer,
  answer,
  type Decoded,
  type Detail,
  type MeshAdapter,
  type MeshEnvironment,
  observedFor,
  observeTarget,
  parseRequest,
  podVersions,
  requestHosts,
  type Target,
  withPodLabels,
} from '@heddle/core';
import { answerDifference } from './compare-answer.js';
import type { Golden, GoldenRequest } from './golden.js';
import { loadGoldens } from './load-goldens.js';
import { withoutRefused } from './refused.js';

/** How one request of a case came out. */
export type GoldenResult = { readonly id: string; readonly request: number; readonly url: string } & (
  | { readonly result: 'right'; readonly answer: Answer }
  | { readonly result: 'wrong'; readonly difference: string; readonly answer: Answer }
  | { readonly result: 'skipped'; readonly feature: string; readonly because: string }
);

export interface GoldenOptions {
  /** The mesh's environment; without it, a default with no settings. */
  readonly env?: MeshEnvironment;
  /** Envoy's version: one before 1.39 chooses `observedOlderEnvoy` where a case has it. */
  readonly envoy?: string;
  readonly details?: readonly Detail[];
  /** What outcomes' labels were recorded of: the subset that a rule names, or the version that all Pods of the outcome share. */
  readonly labels?: 'subset' | 'pods';
}

/** What the runner needs of an adapter. */
export type Reader = Pick<MeshAdapter, 'reads' | 'decode' | 'validate'>;

/** Answers every request of every case of a folder with an adapter, and compares. */
export async function runGoldens(folder: string, adapter: Reader, options: GoldenOptions = {}): Promise<readonly GoldenResult[]> {
  return (await loadGoldens(folder)).flatMap((golden) => runGolden(golden, adapter, options));
}

/** The same for one case, without the objects that the adapter says are refused. Never throws for what the adapter or the evaluator does: that is a wrong answer. */
export function runGolden(whole: Golden, adapter: Reader, options: GoldenOptions = {}): readonly GoldenResult[] {
  const env = { served: {}, settings: {}, ...options.env, ...(options.envoy === undefined ? {} : { envoy: options.envoy }) };
  const golden = withoutRefused(whole, adapter, env);
  const target: Target = { services: [], hosts: [...new Set(golden.requests.flatMap((request) => requestHosts(parseRequest(request))))] };
  const decoded = adapter.decode(target, observeTarget({ adapter, env }, target, golden.objects), env);
  return golden.requests.map((request, index) => ({
    id: golden.id,
    request: index,
    url: request.url,
    ...judge(golden, request, decoded, options),
  }));
}

type Verdict = GoldenResult extends infer R ? (R extends GoldenResult ? Omit<R, 'id' | 'request' | 'url'> : never) : never;

function judge(golden: Golden, request: GoldenRequest, decoded: Decoded, options: GoldenOptions): Verdict {
  const [gap] = decoded.gaps;
  if (gap !== undefined) return { result: 'skipped', feature: gap.feature, because: gap.message };
  const envoy = options.envoy === undefined ? {} : { envoy: options.envoy };
  const pods = golden.objects.filter(({ kind }) => kind === 'Pod');
  const ours = answer(decoded.tables, withPodLabels(golden.client, pods), parseRequest(request), envoy);
  const depends = ours.notes.find((note) => note.startsWith('depends on '));
  if (depends !== undefined)
    return { result: 'skipped', feature: depends.slice('depends on '.length).split(':', 1)[0] ?? 'opaque', because: depends };
  const recorded = observedFor(request, options.envoy) ?? request.observed;
  const difference = answerDifference(recorded, ours, options.details, options.labels === 'pods' ? podVersions(pods) : undefined);
  return difference === undefined ? { result: 'right', answer: ours } : { result: 'wrong', difference, answer: ours };
}

/** How many were right, wrong and skipped; skips by feature. */
export function summarise(results: readonly GoldenResult[]): {
  readonly right: number;
  readonly wrong: number;
  readonly cases: number;
  readonly skipped: Readonly<Record<string, number>>;
} {
  const skipped: Record<string, number> = {};
  for (const one of results) if (one.result === 'skipped') skipped[one.feature] = (skipped[one.feature] ?? 0) + 1;
  const answered = new Set(results.filter(({ result }) => result !== 'skipped').map(({ id }) => id));
  return {
    right: results.filter(({ result }) => result === 'right').length,
    wrong: results.filter(({ result }) => result === 'wrong').length,
    cases: answered.size,
    skipped,
  };
}
