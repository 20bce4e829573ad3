import { type Answer, answer, type Client, type Request, type RouteTable, type Rule, select } from '@heddle/core';
import type { CaseRun } from './case-run.js';
import type { Dimension } from './request-spec.js';

/** What becomes of a request, and the rule that decides it. */
export interface Found {
  readonly answer: Answer;
  readonly rule: Rule | undefined;
  readonly table: RouteTable | undefined;
}

export function ask(tables: readonly RouteTable[], client: Client, request: Request, { env }: CaseRun): Found {
  const given = answer(tables, client, request, env.envoy === undefined ? {} : { envoy: env.envoy });
  const origins = JSON.stringify(given.decidedBy);
  const table = select(tables, client, request);
  return { answer: given, table, rule: table?.rules.find((rule) => JSON.stringify(rule.origins) === origins) };
}

/** What caller and backends see, whatever the rule is called and wherever it stands; without what may be otherwise. */
export function visible(
  { answer: { status, outcomes, mirrors, faults, redirect, body, seen }, rule }: Found,
  but: readonly Dimension[] = [],
) {
  return {
    ...(but.includes('to') ? {} : { status, outcomes }),
    ...(but.includes('mirror') ? {} : { mirrors }),
    ...(but.includes('fault') ? {} : { faults }),
    redirect,
    body,
    seen,
    ...carriedBy(rule),
  };
}

/** What a rule does to requests on their way. */
export const carriedBy = (rule: Rule | undefined) => ({ timeoutMs: rule?.timeoutMs, retry: rule?.retry, headers: rule?.headers });
