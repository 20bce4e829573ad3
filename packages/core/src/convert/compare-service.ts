import { serviceAddresses, splitHostPort } from '../adapters/service-names.js';
import type { Request } from '../model/match.js';
import type { RoutedService } from '../model/routing.js';
import type { RouteTable, Rule } from '../model/table.js';
import type { Client } from '../model/view.js';
import { type TablePair, tablePairs } from '../plan/table-pairs.js';
import type { WitnessSource } from '../plan/witness-reach.js';
import { unwitnessed, witnessRequests } from '../plan/witness-requests.js';
import type { DecodedService } from './decode-mesh.js';
import { createJudge, type Difference, type Judge, type JudgeContext } from './judge.js';
import { repeatedHeaders } from './repeated-headers.js';
import { telling } from './telling-matches.js';

/** The differences between two tables that one kind of client meets: one for each pair of rules and parts. */
export interface PairDifferences {
  readonly pair: TablePair;
  readonly differences: readonly Difference[];
  /** Not every request was tried, or no request satisfies one of the conditions: that nothing differs is not known then. */
  readonly isSure: boolean;
  readonly witnesses: number;
}

/** The Service's tables, and the others that its callers in the mesh meet. */
export const meshTables = ({ service, others }: DecodedService): readonly RouteTable[] => [
  ...service.tables,
  ...others.filter(({ view }) => view.plane === 'mesh'),
];

/** The pairs of tables that some client meets who dials the Service. */
export function servicePairs(before: DecodedService, after: DecodedService): readonly TablePair[] {
  return tablePairs(meshTables(before), meshTables(after), () => true).filter(({ address, client }) =>
    isNamed(address.host, before.service, client),
  );
}

/** Whether a client means the Service by a host that it dials, or writes into the Host header. */
export function isNamed(written: string, { namespace, name, tables }: RoutedService, client: Client): boolean {
  const { host } = splitHostPort(written);
  if (host === name) return client.kind !== 'none' && client.namespace === namespace;
  const known = tables.flatMap(({ addresses = [], domains }) => [...addresses, ...domains]);
  return (
    host !== '*' &&
    (serviceAddresses({ namespace, name, host: '', addresses: known }).includes(host) || host.startsWith(`${name}.${namespace}.svc.`))
  );
}

/** Compares two tables, trying as many requests at most. */
export function comparePair(pair: TablePair, context: JudgeContext, budget: number): PairDifferences {
  const judge = createJudge(pair, context);
  const source = witnessSource(pair, judge);
  const found: Difference[] = [];
  let witnesses = 0;
  for (const request of requestsFor(pair, source)) {
    if (witnesses === budget) break;
    witnesses += 1;
    const difference = judge.judge(request);
    if (difference !== undefined && !found.some((known) => isAlike(known, difference) && isRepeating(known) === isRepeating(difference)))
      found.push(difference);
  }
  // Told as one of repeated headers only where nothing else shows it.
  const differences = found.filter((one) => !isRepeating(one) || !found.some((other) => other !== one && isAlike(one, other)));
  return { pair, differences, isSure: witnesses < budget && unwitnessed(source).length === 0, witnesses };
}

/** Where proxies read paths otherwise, with one that shows it. */
function* requestsFor({ before, after, address }: TablePair, source: WitnessSource): Generator<Request> {
  if (before !== undefined && after !== undefined && before.pathNormalisation !== after.pathNormalisation)
    yield { ...address, method: 'GET', scheme: 'http', path: '/heddle-other/../', headers: [] };
  yield* witnessRequests(source);
}

const isRepeating = ({ request }: Difference): boolean => repeatedHeaders(request).length > 0;

const isAlike = (a: Difference, b: Difference): boolean =>
  a.rule === b.rule && a.later === b.later && a.readsOtherwise === b.readsOtherwise && a.parts.join() === b.parts.join();

function witnessSource({ address, before, after }: TablePair, judge: Judge): WitnessSource {
  const [was, is] = [before?.rules ?? [], after?.rules ?? []];
  return {
    address,
    tables: [oneMatchEach(was), oneMatchEach(is)],
    meetings: telling(was),
    declared: [],
    regexes: judge.regexes,
    view: judge.before.view,
  };
}

/** Of a rule's matches one may be lost: each is led to past the others, as if it were a rule of its own. */
const oneMatchEach = (rules: readonly Rule[]): readonly Rule[] =>
  rules.flatMap((rule) => (rule.match.length < 2 ? [rule] : rule.match.map((match) => ({ ...rule, match: [match] }))));
