import { parseArgs } from 'node:util';
import { type Generator, SOURCES } from './generate/kinds.ts';

export const USAGE = `usage: npm run record -- --answer COMMAND [options]

Generates routing cases, has COMMAND answer them (called as COMMAND OUT CASEFOLDER; it writes each case to OUT with observed and
rejected), and compares each answer with the adapter's.

  --seed N        decides the cases; the same cases each time (default 1)
  --count N       how many (default 200)
  --from N        the first case's number (default 0)
  --batch N       cases in one call, at most (default 100)
  --kind KIND     virtual-services or http-routes (default virtual-services), or recorded: the kept cases themselves
  --plan          plans a standing route on each case, of random splits, matches, mirrors and faults, some beside a session, and asks
                  of what stands once it is written; cases where that is refused are passed over and counted
  --istio V       the control plane's version, as recorded
  --envoy V       the proxy's version, as recorded
  --out FOLDER    writes answered cases that differ there
  --keep          shrinks cases that differ and keeps them as recorded cases; needs --istio and --envoy
  --keep-right N  keeps N cases that agree too, each for features that no kept one shows; needs --istio and --envoy

Exit code 6: some case differs. 1: none was answered.`;

export interface RecordArguments {
  readonly answer: string;
  readonly seed: number;
  readonly count: number;
  readonly from: number;
  readonly batch: number;
  readonly kind: string;
  readonly generate: Generator;
  readonly plan: boolean;
  readonly istio: string | undefined;
  readonly envoy: string | undefined;
  readonly out: string | undefined;
  readonly keep: boolean;
  readonly keepRight: number;
}

/** Reads the command line. Throws an Error whose message is for the user. */
export function recordArguments(args: readonly string[]): RecordArguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      answer: text,
      seed: text,
      count: text,
      from: text,
      batch: text,
      kind: text,
      istio: text,
      envoy: text,
      out: text,
      plan: { type: 'boolean' },
      keep: { type: 'boolean' },
      'keep-right': text,
    },
  });
  const whole = (name: 'seed' | 'count' | 'from' | 'batch' | 'keep-right', fallback: number): number => {
    const given = values[name];
    if (given === undefined) return fallback;
    if (!/^\d{1,10}$/.test(given)) throw new Error(`--${name}: expected a whole number, got ${given}`);
    return Number(given);
  };
  if (values.answer === undefined) throw new Error('--answer is missing: the program that answers the cases');
  const kind = values.kind ?? 'virtual-services';
  const generate = SOURCES[kind];
  if (generate === undefined) throw new Error(`--kind: expected one of ${Object.keys(SOURCES).join(', ')}, got ${kind}`);
  const keepRight = whole('keep-right', 0);
  if ((values.keep === true || keepRight > 0) && (values.istio === undefined || values.envoy === undefined)) {
    throw new Error('cases are kept with the versions that answered them: give --istio and --envoy');
  }
  return {
    answer: values.answer,
    seed: whole('seed', 1),
    count: whole('count', 200),
    from: whole('from', 0),
    batch: Math.max(1, whole('batch', 100)),
    kind,
    generate,
    plan: values.plan === true,
    istio: values.istio,
    envoy: values.envoy,
    out: values.out,
    keep: values.keep === true,
    keepRight,
  };
}
