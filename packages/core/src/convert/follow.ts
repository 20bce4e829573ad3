import { regexCache } from '../evaluate/re2.js';
import { select } from '../evaluate/select.js';
import type { Request } from '../model/match.js';
import { refKey } from '../model/object.js';
import type { RouteTable } from '../model/table.js';
import type { Client } from '../model/view.js';
import { isNamed, meshTables } from './compare-service.js';
import type { ComparedService } from './compare-source.js';
import { createJudge, type JudgeContext } from './judge.js';
import type { Followed, Loss } from './types.js';
import { meshDifference, WITHOUT_RULES } from './unforeseen.js';
import { GATEWAY, OUTBOUND } from './unrouted.js';

/** What a conversion holds of one source, for requests that are asked of it afterwards. */
export interface Comparison {
  readonly services: readonly ComparedService[];
  readonly unrouted: { readonly tables: readonly RouteTable[]; readonly losses: readonly Loss[] };
  /** What the source's objects say besides routing. */
  readonly losses: readonly Loss[];
  readonly envoys: JudgeContext['envoys'];
}

/** Follows a request through the tables of the Service that it dials, or through those that are for none. */
export function follow(comparison: Comparison, client: Client, request: Request): Followed {
  const { services, unrouted, losses, envoys } = comparison;
  const dialled = services.find(({ before }) => client.kind === 'sidecar' && isNamed(request.host, before.service, client));
  const outbound = losses.filter(({ code }) => code === OUTBOUND);
  if (dialled !== undefined) return followService(dialled, outbound, client, request);
  const judge = createJudge(
    { before: select(unrouted.tables, client, request), after: undefined, client },
    { envoys, direct: undefined, regexes: regexCache() },
  );
  const difference = judge.judge(request)?.witness;
  const origins = judge.rule(request)?.origins;
  // What no rule takes is a gateway's own answer, and all of the gateway is lost; or it depends on what callers may reach.
  const unruled = client.kind === 'gateway' ? unrouted.losses.filter(({ code }) => code === GATEWAY) : outbound;
  const ruled = unrouted.losses.filter(({ ref }) => ref !== undefined && origins?.some((one) => refKey(one.ref) === refKey(ref)));
  const lost = origins === undefined ? unruled : ruled;
  if (difference === undefined) return { losses: lost, differences: [] };
  return { difference, losses: lost, differences: lost.length > 0 ? [] : [{ ...WITHOUT_RULES, services: [], witness: difference }] };
}

function followService(
  { before, after, context, losses, differences }: ComparedService,
  outbound: readonly Loss[],
  client: Client,
  request: Request,
): Followed {
  const table = select(meshTables(before), client, request);
  const judge = createJudge({ before: table, after: select(meshTables(after), client, request), client }, context);
  const rule = judge.rule(request);
  const difference = judge.judge(request);
  const isReached = table !== undefined && before.service.tables.includes(table);
  const concerned = [...losses.filter((one) => one.covers(rule, table)).map(({ loss }) => loss), ...(isReached ? [] : outbound)];
  if (difference === undefined) return { losses: concerned, differences: [] };
  const meshes = meshDifference({ difference, before: table }, before.service, after);
  return {
    difference: difference.witness,
    losses: concerned,
    differences: meshes === undefined ? [] : differences.filter(({ code }) => code === meshes.code),
  };
}
