import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@heddle/core';
import { TUNNEL_CASES } from './cases.js';
import { Skip, type TunnelCase, type TunnelCaseResult, type TunnelReport, type TunnelUnderTest } from './tunnel-case.js';

const TIMEOUT = 15_000;

/** Runs cases one after the other. Never throws for what the tunnel does: that is a failure of its case. */
export async function runTunnelCases(tunnel: TunnelUnderTest, cases: readonly TunnelCase[] = TUNNEL_CASES): Promise<TunnelReport> {
  const results: TunnelCaseResult[] = [];
  for (const test of cases) results.push(await runTunnelCase(tunnel, test));
  const { id, title } = tunnel.provider;
  return { tunnel: { id, title }, results };
}

export async function runTunnelCase(
  tunnel: TunnelUnderTest,
  { id, title, timeout = TIMEOUT, check }: TunnelCase,
): Promise<TunnelCaseResult> {
  const done = new AbortController();
  const late = sleep(timeout, undefined, { signal: done.signal }).then(() => {
    throw new Error(`not done within ${timeout / 1000} s`);
  });
  try {
    await Promise.race([check(tunnel), late]);
    return { id, title, outcome: 'pass' };
  } catch (error) {
    const why = messageOf(error);
    return { id, title, outcome: error instanceof Skip ? 'skip' : 'fail', why };
  } finally {
    late.catch(() => {});
    done.abort();
  }
}
