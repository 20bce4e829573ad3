import { select } from '../evaluate/select.js';
import type { Request } from '../model/match.js';
import type { Labels } from '../model/object.js';
import type { RouteTable } from '../model/table.js';
import { type Client, type ClientSet, clientSetsOf, viewHolds } from '../model/view.js';
import type { Address } from './witness-choice.js';

/** The tables that decide the same requests before and after; `undefined`: none does, they pass through. */
export interface TablePair {
  readonly before: RouteTable | undefined;
  readonly after: RouteTable | undefined;
  /** One client that sees these two, and how it reaches them. */
  readonly client: Client;
  readonly address: Address;
  /** Whether the change is meant for that client. */
  readonly declared: boolean;
}

/** No view names it, so it stands for all namespaces that none names. */
const ELSEWHERE = 'heddle-elsewhere';
const MAX_LABEL_SETS = 64;

/**
 * Each pair of tables that some client meets, once. Views may be cut differently before and after, so clients are drawn from both,
 * and requests to each domain of either side.
 */
export function tablePairs(
  before: readonly RouteTable[],
  after: readonly RouteTable[],
  declared: (client: Client) => boolean,
): readonly TablePair[] {
  const pairs = new Map<string, TablePair>();
  const all = [...before, ...after];
  for (const client of clientsOf(all)) {
    for (const address of addressesOf(all, client)) {
      const request: Request = { ...address, method: 'GET', scheme: 'http', path: '/', headers: [] };
      const [from, to] = [select(before, client, request), select(after, client, request)];
      if (from === undefined && to === undefined) continue;
      const key = `${from === undefined ? -1 : before.indexOf(from)} ${to === undefined ? -1 : after.indexOf(to)} ${declared(client)}`;
      if (!pairs.has(key)) pairs.set(key, { before: from, after: to, client, address, declared: declared(client) });
    }
  }
  return [...pairs.values()];
}

/** A client for each combination of views, before and after, that some client can be in. */
function clientsOf(tables: readonly RouteTable[]): readonly Client[] {
  const local = new Set(tables.flatMap(({ localDomains }) => (localDomains ?? []).map(({ namespace }) => namespace)));
  const views = [...new Map(tables.map(({ view }) => [JSON.stringify(view), view])).values()];
  const sets = views.flatMap(clientSetsOf);
  const namespaces = [...new Set([...sets.flatMap(({ namespaces: names }) => names ?? []), ...local, ELSEWHERE])];
  const sidecars = namespaces.flatMap((namespace) => labelSets(sets).map((labels): Client => ({ kind: 'sidecar', namespace, labels })));
  const gateways = views.flatMap((view): readonly Client[] =>
    view.plane === 'gateway' ? [{ kind: 'gateway', namespace: view.gateway.namespace, labels: view.gateway.selector }] : [],
  );
  const kinds = new Map<string, Client>();
  for (const client of [...sidecars, ...gateways]) {
    const seen = views.map((view) => (viewHolds(view, client) ? '1' : '0')).join('');
    if (!seen.includes('1')) continue;
    const key = `${client.kind} ${seen} ${client.kind === 'sidecar' && local.has(client.namespace) ? client.namespace : ''}`;
    if (!kinds.has(key)) kinds.set(key, client);
  }
  return [...kinds.values()];
}

/** No labels, each set's, and what several sets make together. */
function labelSets(sets: readonly ClientSet[]): readonly Labels[] {
  const found = new Map<string, Labels>([['{}', {}]]);
  for (const { labels = {} } of sets) {
    for (const known of [...found.values()]) {
      const both = { ...known, ...labels };
      if (found.size < MAX_LABEL_SETS) found.set(JSON.stringify(Object.entries(both).sort()), both);
    }
  }
  return [...found.values()];
}

function addressesOf(tables: readonly RouteTable[], client: Client): readonly Address[] {
  const seen = tables.filter(({ view }) => viewHolds(view, client));
  const ports = new Set(seen.map(({ port }) => port));
  const free = [59_999, 59_998, 59_997].find((port) => !ports.has(port)) ?? 59_996;
  const found = new Map<string, Address>();
  for (const table of seen) {
    const local = (table.localDomains ?? []).filter(({ namespace }) => client.kind !== 'none' && namespace === client.namespace);
    const port = table.port === 0 ? free : table.port;
    const own = table.addresses?.[0];
    for (const domain of [...table.domains, ...local.map((entry) => entry.domain)]) {
      const name = domain.replace('*', domain === '*' ? 'heddle-other.test' : 'heddle-other');
      // A listener of its own that looks at no Host header is mostly sent its own name.
      for (const authority of own !== undefined && domain === '*' ? [own, name] : [name]) {
        const address = { host: own ?? name, port, authority: port === 80 ? authority : `${authority}:${port}` };
        found.set(JSON.stringify(address), address);
      }
    }
  }
  return [...found.values()];
}
