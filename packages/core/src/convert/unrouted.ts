import { regexCache } from '../evaluate/re2.js';
import { describeRef, type KubeObject, refKey } from '../model/object.js';
import type { Origin, RouteTable, Rule } from '../model/table.js';
import { describeView, viewKey } from '../model/view.js';
import { tablePairs } from '../plan/table-pairs.js';
import { comparePair } from './compare-service.js';
import type { JudgeContext } from './judge.js';
import { fieldCalled } from './source-field.js';
import type { Loss, LossWitness } from './types.js';

export const GATEWAY = 'view.gateway';
/** The code, too, of what an adapter says of a host that is no Service. */
export const HOST = 'host';

/** Which Services and hosts callers reach: the code, too, of what an adapter says of objects that limit it. */
export const OUTBOUND = 'outbound';

/** Which callers rules are for: the code, too, of what an adapter says of several meshes, or of callers that it cannot tell apart. */
export const MESH = 'view.mesh';

export interface UnroutedLoss {
  readonly loss: Loss;
  /** The hosts that it is about. */
  readonly domains: readonly string[];
}

/** Requests tried for one table, of which each rule wants one that differs. */
const BUDGET = 200;

/**
 * What is lost of tables that are for no Service's callers in the mesh: a loss for each object that has rules there, whoever calls. Of a
 * gateway, or of hosts outside the cluster.
 */
export function unroutedLosses(
  tables: readonly RouteTable[],
  objects: ReadonlyMap<string, KubeObject>,
  envoys: JudgeContext['envoys'],
): readonly UnroutedLoss[] {
  const found = new Map<string, UnroutedLoss>();
  for (const table of tables.filter(({ rules }) => rules.length > 0)) {
    const witnesses = witnessesOf(table, envoys);
    for (const [rule, origin] of foreignOf(table, objects)) {
      const key = `${refKey(origin.ref)} ${table.view.plane === 'gateway' ? viewKey(table.view) : table.domains.join()}`;
      const known = found.get(key);
      if (known?.loss.witness !== undefined) continue;
      const witness = witnesses.get(rule);
      const loss = known?.loss ?? unroutedLoss(table, origin, objects);
      found.set(key, { loss: { ...loss, ...(witness === undefined ? {} : { witness }) }, domains: table.domains });
    }
  }
  return [...found.values()];
}

/** The rules of others, each with the object that puts it there: of a delegate's rules the one that delegates. */
function foreignOf({ rules }: RouteTable, objects: ReadonlyMap<string, KubeObject>): readonly (readonly [Rule, Origin])[] {
  return rules.flatMap((rule) => {
    const origin =
      rule.origins.find(({ ref }) => fieldCalled(objects.get(refKey(ref)), '/spec', 'gateways') !== undefined) ?? rule.origins[0];
    return rule.owner !== 'foreign' || origin === undefined ? [] : [[rule, origin] as const];
  });
}

function unroutedLoss(table: RouteTable, { ref }: Origin, objects: ReadonlyMap<string, KubeObject>): Loss {
  const hosts = table.domains.filter((domain) => domain !== '*').join(', ');
  const isGateway = table.view.plane === 'gateway';
  const pointer = fieldCalled(objects.get(refKey(ref)), '/spec', isGateway ? 'gateways' : 'hosts');
  const named = hosts === '' ? 'any host' : hosts;
  return {
    code: isGateway ? GATEWAY : HOST,
    message: isGateway
      ? `${describeRef(ref)}: it routes what comes in through a gateway, and gateways are not converted: there its rules do not hold`
      : `${describeRef(ref)}: it is also for ${named}, which is no Service of these objects: its rules do not hold there`,
    ref,
    ...(pointer === undefined ? {} : { pointer }),
    requests: `requests to ${named} from ${describeView(table.view)}, port ${table.port}`,
    instead: isGateway
      ? 'write the routes of a gateway of the new mesh by hand; for callers in the mesh rules are converted where they hold for them too'
      : 'add the Service to the files, if it is one; else write a route for the host by hand',
  };
}

/** For each rule that decides requests: one, and what becomes of it where no mesh routes it. */
function witnessesOf(table: RouteTable, envoys: JudgeContext['envoys']): ReadonlyMap<Rule, LossWitness> {
  const [pair] = tablePairs([table], [], () => true);
  if (pair === undefined) return new Map();
  const { differences } = comparePair(pair, { envoys, direct: undefined, regexes: regexCache() }, BUDGET);
  const after = table.view.plane === 'gateway' ? { after: 'no gateway routes it' } : {};
  return new Map(
    differences.toReversed().flatMap(({ rule, witness }) => (rule === undefined ? [] : [[rule, { ...witness, ...after }] as const])),
  );
}
