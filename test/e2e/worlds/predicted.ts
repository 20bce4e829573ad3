import { type Client, decodeTarget, evaluate, metaOf, type Request, select } from '@heddle/core';
import type { ScenarioWorld } from './scenario-world.js';
import type { Counts } from './world.js';

/** What the adapter says of a request, as shares of the answers that would be counted: `{'200 v1': 0.5}`. */
export async function predicted(
  { cluster, adapter }: Pick<ScenarioWorld, 'cluster' | 'adapter'>,
  client: Client,
  request: Request,
): Promise<Counts> {
  const env = adapter.detect(await cluster.discover(adapter.facts))?.environment ?? { served: {}, settings: {} };
  const { decoded } = await decodeTarget({ cluster, adapter, env }, { services: [], hosts: [`${request.host}:${request.port}`] });
  const table = select(decoded.tables, client, request);
  if (table === undefined) throw new Error(`no table decides ${request.host}:${request.port}`);
  const { outcomes, status } = evaluate(table, request, env.envoy === undefined ? {} : { envoy: env.envoy });
  if (outcomes.length === 0) return { [`${status} -`]: 1 };
  const pods = new Map((await cluster.list({ group: '', kind: 'Pod' })).map((pod) => [keyOf(metaOf(pod)), metaOf(pod).labels.version]));
  const shares: Record<string, number> = {};
  for (const outcome of outcomes) {
    for (const pod of outcome.pods ?? []) {
      const answer = `${outcome.status} ${pods.get(keyOf(pod)) ?? '-'}`;
      shares[answer] = (shares[answer] ?? 0) + outcome.probability / (outcome.pods?.length ?? 1);
    }
  }
  return shares;
}

const keyOf = ({ namespace, name }: { readonly namespace?: string; readonly name: string }): string => `${namespace ?? ''}/${name}`;

/**
 * Answers that a prediction does not hold, or whose share is further from it than five standard deviations, which is
 * the case once in 1.7 million counts of what is right. Empty: they agree.
 */
export function disagreements(shares: Counts, counts: Counts): readonly string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [...new Set([...Object.keys(shares), ...Object.keys(counts)])].flatMap((answer) => {
    const share = shares[answer] ?? 0;
    const count = counts[answer] ?? 0;
    const deviation = Math.sqrt(total * share * (1 - share));
    return Math.abs(count - total * share) <= 5 * deviation + 1e-6 ? [] : [`${answer}: ${count} of ${total}, expected ${share * 100} %`];
  });
}
