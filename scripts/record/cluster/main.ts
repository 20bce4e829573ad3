import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { adapter } from '@heddle/adapter-istio';
import { clusterCase } from './cluster-case.ts';
import { runCase } from './run-case.ts';
import { setUp, tearDown } from './set-up.ts';

const USAGE = `usage: KUBECONFIG=… npm run record:cluster -- [--seed N] [--count N] [--from N] [--repeats N] [--echo-image I] [--base-image I]

Puts generated cases into the cluster of the current context, in namespaces of its own, and compares what comes back through clients'
sidecars with our answers: status, Pods, weights, path and authority at the backend, redirects. Takes the namespaces away at the end.

  --seed N        decides the cases (default 1)
  --count N       how many (default 50)
  --from N        the first case's number (default 0)
  --repeats N     how often a request is sent whose answer is drawn (default 200)
  --echo-image I  else HEDDLE_E2E_ECHO_IMAGE; see CONTRIBUTING.md
  --base-image I  else HEDDLE_E2E_BASE_IMAGE

Exit code 6: some case differs.`;

const DIFFERS = 6;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const options = { seed: text, count: text, from: text, repeats: text, 'echo-image': text, 'base-image': text };
  const { values } = parseArgs({ args: process.argv.slice(2), options });
  const [seed, count, from, repeats] = [
    Number(values.seed ?? 1),
    Number(values.count ?? 50),
    Number(values.from ?? 0),
    Number(values.repeats ?? 200),
  ];
  const echo = values['echo-image'] ?? process.env.HEDDLE_E2E_ECHO_IMAGE ?? '';
  const base = values['base-image'] ?? process.env.HEDDLE_E2E_BASE_IMAGE ?? '';
  if (![seed, count, from, repeats].every(Number.isInteger) || echo === '' || base === '') {
    console.error(USAGE);
    return 2;
  }
  const run = `heddle-record-${randomBytes(2).toString('hex')}`;
  let [done, right, asked, replies, number] = [0, 0, 0, 0, from];
  console.log(`seed ${seed}, ${count} cases from number ${from}; namespaces ${run}-…`);
  try {
    const place = await setUp(run, { echo, base });
    for (; done < count; number += 1) {
      const one = clusterCase(seed, number);
      if (one === undefined) continue;
      const result = await runCase(one, place, adapter, repeats);
      done += 1;
      asked += result.asked;
      replies += result.replies;
      if (result.differences.length === 0) right += 1;
      const refused = result.refused.size === 0 ? '' : `, refused: ${[...result.refused.keys()].join(', ')}`;
      console.log(
        `${number} ${result.differences.length === 0 ? 'right' : 'DIFFERS'}: ${result.asked} requests, ${result.replies} replies, ${result.left.length} not asked${refused}`,
      );
      for (const difference of result.differences) console.log(`  ${difference}`);
    }
  } finally {
    await tearDown(run);
  }
  console.log(`seed ${seed}: ${right} of ${done} cases right; ${asked} requests, ${replies} replies`);
  return right === done ? 0 : DIFFERS;
}

process.exitCode = await main();
