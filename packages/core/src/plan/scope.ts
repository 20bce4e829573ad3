import type { Regexes } from '../evaluate/re2.js';
import type { RequestView } from '../evaluate/request-view.js';
import type { Change, Intent, ServiceRef } from '../model/change.js';
import { type Owner, sameOwner } from '../model/owner.js';
import type { Action, RouteTable, Rule } from '../model/table.js';
import { anyHolds } from './decide.js';
import { isServiceHost } from './outcome.js';

/**
 * Whether a change may alter a request (design principle 4). `in`: it must, to exactly what is declared; `out`: it must not;
 * `either`: two standing routes meet here, and which of them comes first is the mesh's order of them.
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
  const is = ports.length === 0 ? 'out' : mayOverride(change.owner, base?.owner ?? 'foreign');
  return { is, intents: is === 'out' ? [] : intents, copied, ports };
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

export function dimensionOf(intent: Intent): 'to' | 'mirror' | 'fault' {
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

/** A destination without a port keeps the listener's in the mesh; at a gateway it takes a port of the Service. */
function leadsTo(to: { readonly host: string; readonly port?: number }, service: ServiceRef, table: RouteTable): boolean {
  if (!isServiceHost(to.host, service)) return false;
  if (to.port !== undefined) return to.port === service.port;
  return table.view.plane === 'gateway' || table.port === service.port;
}
