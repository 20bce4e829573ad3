import { answer } from '../evaluate/answer.js';
import type { EvaluateOptions } from '../evaluate/evaluate.js';
import { select } from '../evaluate/select.js';
import type { Answer } from '../model/answer.js';
import type { Request } from '../model/match.js';
import type { RouteTable, Rule } from '../model/table.js';
import type { Client } from '../model/view.js';

/** What becomes of a request, and what decides it. */
export interface Explanation {
  readonly answer: Answer;
  /** Absent: no table covers the request, or the caller has no proxy. */
  readonly table?: RouteTable;
  /** Absent: no rule of the table matched. */
  readonly rule?: Rule;
}

/**
 * `answer`, with the table and the rule behind it. A gateway on which nothing listens for the request takes no connection: there are no
 * outcomes and no status then.
 */
export function explainRequest(
  tables: readonly RouteTable[],
  client: Client,
  request: Request,
  options: EvaluateOptions = {},
): Explanation {
  const table = select(tables, client, request);
  if (table === undefined && client.kind === 'gateway') {
    return {
      answer: {
        outcomes: [],
        route: 'none',
        trace: [],
        notes: [`nothing of the gateway listens on port ${request.port}: the URL needs a port that its Gateway objects have`],
      },
    };
  }
  const given = answer(tables, client, request, options);
  // One step for each rule that was tried, in the table's order; the last one is the rule that matched.
  const rule = given.decidedBy === undefined ? undefined : table?.rules[given.trace.length - 1];
  return { answer: given, ...(table === undefined ? {} : { table }), ...(rule === undefined ? {} : { rule }) };
}

/** The hosts of a target that covers a request: the one that is dialled and the one that the Host header names, on the dialled port. */
export function requestHosts({ host, port, authority }: Request): readonly string[] {
  return [...new Set([`${host}:${port}`, `${authority.replace(/:\d+$/, '')}:${port}`])];
}
