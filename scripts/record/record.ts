import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adapter } from '@heddle/adapter-istio';
import type { MeshEnvironment } from '@heddle/core';
import { ask } from './answer/ask.ts';
import { type RecordArguments, recordArguments, USAGE } from './arguments.ts';
import { compareCase } from './compare/compare-case.ts';
import { showDifference } from './compare/show-difference.ts';
import { randomFrom } from './generate/random.ts';
import { keepAgreeing, keepDiffering } from './keep/keep-cases.ts';
import { planCase } from './plan/plan-case.ts';
import type { RoutingCase } from './routing-case.ts';
import type { Examine } from './shrink/shrink-case.ts';
import { counted, NOTHING_YET, notPlanned, progress, report, type Tally } from './tally.ts';

const DIFFERS = 6;
const USAGE_ERROR = 2;
const NOTHING_ANSWERED = 1;
/** What is planned on a case is drawn apart from the case. */
const PLANNED = 1;
const ENV: MeshEnvironment = { served: {}, settings: {} };

/**
 * `npm run record`: generated cases, answered by a program that knows, held against the adapter. Takes the arguments of the command
 * line, says each line, and returns the exit code.
 */
export async function record(args: readonly string[], say: (line: string) => void): Promise<number> {
  let given: RecordArguments;
  try {
    given = recordArguments(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return USAGE_ERROR;
  }
  const { seed, from, count, kind, istio = '?', envoy = '?' } = given;
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const versions = { istio, envoy, heddle: (JSON.parse(manifest) as { version: string }).version, seed };
  const names = `Istio ${istio}, Envoy ${envoy}, heddle ${versions.heddle}`;
  say(`seed ${seed}, ${count} cases from number ${from} (${kind}); ${names}`);
  const tally = await runAll(given, say);
  say(`\nseed ${seed}: ${report(tally)}`);
  if (given.out !== undefined) await writeOut(given.out, tally);
  const examine: Examine = async (cases) => {
    const { files } = await ask(given.answer, cases);
    return new Map([...files].map(([id, text]) => [id, { text, differences: compareCase(text, adapter, ENV).differences }]));
  };
  if (given.keep) for (const line of await keepDiffering(tally, examine, given.batch, versions)) say(line);
  if (given.keepRight > 0) for (const line of await keepAgreeing(tally, given.keepRight, versions)) say(line);
  if (tally.cases === 0) return NOTHING_ANSWERED;
  return tally.differing.length > 0 || tally.failedPlans.length > 0 ? DIFFERS : 0;
}

async function runAll(given: RecordArguments, say: (line: string) => void): Promise<Tally> {
  const { answer, from, count, batch } = given;
  let tally = NOTHING_YET;
  for (let start = from; start < from + count; start += batch) {
    const numbers = Array.from({ length: Math.min(batch, from + count - start) }, (_, index) => start + index);
    const cases: { readonly number: number; readonly routingCase: RoutingCase }[] = [];
    for (const number of numbers) {
      const made = await caseOf(given, number);
      if ('refused' in made) tally = notPlanned(tally, number, made.refused);
      else cases.push({ number, routingCase: made });
    }
    const { files, unanswered } = await ask(
      answer,
      cases.map(({ routingCase }) => routingCase),
    );
    tally = { ...tally, unanswered: new Map([...tally.unanswered, ...unanswered]) };
    for (const { number, routingCase } of cases) {
      const text = files.get(routingCase.id);
      if (text === undefined) continue;
      const comparison = compareCase(text, adapter, ENV);
      tally = counted(tally, number, routingCase, text, comparison);
      if (comparison.differences.length === 0) continue;
      say(`DIFFERS ${routingCase.id} ${routingCase.title}`);
      for (const one of comparison.differences.slice(0, 3)) say(showDifference(text, one));
    }
    say(progress(tally));
  }
  return tally;
}

async function caseOf({ generate, plan, seed }: RecordArguments, number: number) {
  const routingCase = generate(seed, number);
  if (!plan) return routingCase;
  const planned = await planCase(routingCase, adapter, ENV, randomFrom(seed, number, PLANNED));
  return 'routingCase' in planned ? planned.routingCase : planned;
}

async function writeOut(folder: string, { differing }: Tally): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { routingCase, text } of differing) await writeFile(join(folder, `${routingCase.id}.yaml`), text);
}
