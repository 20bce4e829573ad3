import type { Request } from '../model/match.js';
import type { RouteTable } from '../model/table.js';
import { type Client, viewHolds } from '../model/view.js';

/**
 * The table that decides a client's request: by the client's view, then the listener (a name that has one of its own, else the
 * port, else the table for every other port), then the authority (exact, longest `*.suffix`, longest `prefix.*`, `*`; letter case
 * and port do not count: envoy `source/common/router/config_impl.cc`, `findVirtualHost`).
 * `undefined`: the client has no proxy, or no table covers the request.
 */
export function select(tables: readonly RouteTable[], client: Client, request: Request): RouteTable | undefined {
  if (client.kind === 'none') return undefined;
  const seen = narrowest(tables.filter((table) => viewHolds(table.view, client)));
  const names = dialledNames(request.host, client.namespace);
  const onPort = seen.filter((table) => table.port === request.port);
  const own = onPort.filter((table) => table.addresses?.some((address) => names.has(address.toLowerCase())) === true);
  const shared = onPort.filter((table) => table.addresses === undefined);
  const listener = own.length > 0 ? own : shared.length > 0 ? shared : seen.filter((table) => table.port === 0);
  const tcp = listener.find((table) => table.protocol === 'tcp');
  return tcp ?? byAuthority(listener, client.namespace, request.authority);
}

/** Of gateway views that hold the same proxy, the one whose selector says most: the others name other proxies of the kind. */
function narrowest(tables: readonly RouteTable[]): readonly RouteTable[] {
  const size = ({ view }: RouteTable) => (view.plane === 'gateway' ? Object.keys(view.gateway.selector).length : 0);
  const most = Math.max(0, ...tables.map(size));
  return tables.filter((table) => size(table) === most);
}

/** A host as clients of a namespace may mean it: as it stands, and a bare name in their own namespace. */
function dialledNames(host: string, namespace: string): ReadonlySet<string> {
  const name = host.toLowerCase().replace(/\.$/, '');
  return new Set(name.includes('.') ? [name] : [name, `${name}.${namespace}`]);
}

function byAuthority(tables: readonly RouteTable[], namespace: string, authority: string): RouteTable | undefined {
  const host = authority.toLowerCase().replace(/:\d*$/, '');
  let best: { readonly table: RouteTable; readonly rank: number } | undefined;
  for (const table of tables) {
    const local = (table.localDomains ?? []).filter((entry) => entry.namespace === namespace).map(({ domain }) => domain);
    for (const domain of [...table.domains, ...local]) {
      const rank = domainRank(domain.toLowerCase(), host);
      if (rank !== undefined && (best === undefined || rank > best.rank)) best = { table, rank };
    }
  }
  return best?.table;
}

/** How well a domain fits a host; greater is better, `undefined` is not at all. */
function domainRank(domain: string, host: string): number | undefined {
  if (domain === '*') return 0;
  const class_ = 1_000_000;
  if (domain.startsWith('*')) {
    const suffix = domain.slice(1);
    return host.length > suffix.length && host.endsWith(suffix) ? 2 * class_ + suffix.length : undefined;
  }
  if (domain.endsWith('*')) {
    const prefix = domain.slice(0, -1);
    return host.length > prefix.length && host.startsWith(prefix) ? class_ + prefix.length : undefined;
  }
  return domain === host ? 3 * class_ : undefined;
}
