import type { Regexes } from '../evaluate/re2.js';
import type { RequestView } from '../evaluate/request-view.js';
import type { Change, Intent, ServiceRef } from '../model/change.js';
import { type Owner, sameOwner } from '../model/owner.js';
import type { Action, Destination, RouteTable, Rule } from '../model/table.js';
import { anyHolds } from './decide.js';
import { isServiceHost } from './outcome.js';

/**
 * Whether a change may alter a request (design principle 4). `in`: it must, to exactly what is declared; `out`: it must not;
 * `either`: two standing routes meet here, and which of them comes first is the mesh's order of them; or a standing route meets a 404
 * that the mesh's own way of routing may give to the service, and may as well leave closed.
 */
export interface Scope {
  readonly is: 'in' | 'out' | 'either';
  /** What is declared of the request, at most one intent of each dimension. */
  readonly intents: readonly Intent[];
  /** The rule of others that decides without any of ours: what a copy keeps. `undefined`: none does. */
  readonly copied: Rule | undefined;
  /** The ports of the change's service that the request is for. */
  readonly ports: readonly number[];
}

export const isForeign = (rule: Rule) => rule.owner === 'foreign';

/** Counts the rules that are there without the change's owner. */
export const withoutOwner = (owner: Owner) => (rule: Rule) => !sameOwner(rule.owner, owner);

/** What decides a request today, before the change. */
export interface Today {
  readonly table: RouteTable;
  readonly view: RequestView;
  /** Without the change's owner. */
  readonly base: Rule | undefined;
  /** Without any of ours. */
  readonly copied: Rule | undefined;
  /** Whether the client is in a view of the change. */
  readonly declared: boolean;
}

export function scopeOf(change: Change, { table, view, base, copied, declared }: Today, regexes: Regexes): Scope {
  const intents = declared ? firstOfEachDimension(change.intents.filter(({ match }) => anyHolds(match, view, regexes))) : [];
  const ports = intents.length === 0 ? [] : portsMeant(change, table, copied);
  const may = ports.length === 0 ? 'out' : mayOverride(change.owner, base?.owner ?? 'foreign');
  const is = may === 'in' && isUnrouted(change, table, copied) ? 'either' : may;
  return { is, intents: is === 'out' ? [] : intents, copied, ports };
}

/** A standing route changes destinations, and a 404 has none. */
function isUnrouted({ owner }: Change, table: RouteTable, rule: Rule | undefined): boolean {
  return owner.kind === 'route' && rule === undefined && typeof table.otherwise === 'object' && 'status' in table.otherwise;
}

/** session > standing > foreign; of two sessions the older, whose id sorts first. */
function mayOverride(owner: Owner, holder: Owner | 'foreign'): Scope['is'] {
  if (holder === 'foreign' || owner.kind !== holder.kind) return holder === 'foreign' || owner.kind === 'session' ? 'in' : 'out';
  if (owner.kind === 'route') return 'either';
  return owner.id < holder.id ? 'in' : 'out';
}

function firstOfEachDimension(intents: readonly Intent[]): readonly Intent[] {
  return [...new Map(intents.toReversed().map((intent) => [dimensionOf(intent), intent])).values()].toReversed();
}

function dimensionOf(intent: Intent): 'to' | 'mirror' | 'fault' {
  if ('to' in intent) return 'to';
  return 'mirror' in intent ? 'mirror' : 'fault';
}

/**
 * The ports of the change's services that a foreign rule (or the end of the table) sends the request to. A 404 counts in a mesh
 * table of the service's own hosts: there it stands for the implicit route that an unfinished rule list took away.
 */
function portsMeant(change: Change, table: RouteTable, rule: Rule | undefined): readonly number[] {
  const action: Action = rule === undefined ? table.otherwise : rule.action;
  const { services } = change;
  if (typeof action === 'string') return [];
  if ('to' in action) {
    return services.filter((service) => action.to.some((to) => leadsTo(to, service, table))).map(({ port }) => port);
  }
  const unrouted = rule === undefined && 'status' in action && action.status === 404 && table.view.plane === 'mesh';
  const names = [...table.domains, ...(table.addresses ?? [])];
  const own = (service: ServiceRef) => table.port === service.port && names.some((name) => isServiceHost(name, service));
  return unrouted ? services.filter(own).map(({ port }) => port) : [];
}

/** Whether any request that the table decides can be in the scope of a change: otherwise none needs to be tried. */
export function mayConcern(change: Change, table: RouteTable): boolean {
  return [...table.rules.filter(isForeign), undefined].some((rule) => portsMeant(change, table, rule).length > 0);
}

/**
 * A destination without a port keeps the listener's in the mesh; at a gateway it takes a port of the Service. A Service that is a version
 * of this one may number its ports otherwise: there the port that the client dialled counts.
 */
function leadsTo(to: Pick<Destination, 'host' | 'port' | 'versionOf'>, service: ServiceRef, table: RouteTable): boolean {
  const { versionOf } = to;
  if (versionOf?.namespace === service.namespace && versionOf.name === service.name) return table.port === service.port;
  if (!isServiceHost(to.host, service)) return false;
  if (to.port !== undefined) return to.port === service.port;
  return table.view.plane === 'gateway' || table.port === service.port;
}
