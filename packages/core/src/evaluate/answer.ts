import type { Answer } from '../model/answer.js';
import type { Request } from '../model/match.js';
import type { RouteTable } from '../model/table.js';
import type { Client } from '../model/view.js';
import { PASSTHROUGH } from './answer-action.js';
import { type EvaluateOptions, evaluate } from './evaluate.js';
import { select } from './select.js';

/** What becomes of a client's request. A client without a proxy, or a request that no table covers, passes through. */
export function answer(tables: readonly RouteTable[], client: Client, request: Request, options: EvaluateOptions = {}): Answer {
  const table = select(tables, client, request);
  if (table !== undefined) return evaluate(table, request, options);
  return {
    outcomes: [{ probability: 1, host: PASSTHROUGH }],
    seen: { path: request.path, authority: request.authority },
    route: 'passthrough',
    trace: [],
    notes: [client.kind === 'none' ? 'the caller has no proxy: no mesh rule applies' : 'no table covers this host and port'],
  };
}
