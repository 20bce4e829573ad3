import { foreignEdits } from '../apply/index.js';
import type { MeshAdapter, OwnedRule } from '../contracts/mesh-adapter.js';
import { groupOf, metaOf, type ObjectRef, refKey } from '../model/object.js';
import { type Observed, objectsOf, unreadReason } from '../model/observed.js';
import { type Owner, ownerKey } from '../model/owner.js';
import { groupBy } from '../plan/group-by.js';
import { observe } from '../plan/index.js';
import { allObjects } from '../plan/simulate.js';
import type { MeshContext } from '../plan/types.js';
import { servicesOf } from '../sessions/lease/record.js';
import { copiedFrom } from './copied-from.js';
import { intentsOf } from './entry.js';
import { carriesHttp, portsOf as portsOfService } from './service-ports.js';
import type { StandingRoutes } from './types.js';

/** What others did to standing routes since they were written. */
export interface RouteDrift {
  /** Rules that somebody edited: they are neither overwritten nor removed. */
  readonly edited: readonly { readonly ref: ObjectRef; readonly pointer: string }[];
  /** Objects that do not have the rules any more, or are gone, and how many rules that is. */
  readonly missing: readonly { readonly ref: ObjectRef; readonly rules: number }[];
  /** Ports that carry HTTP and have come since, of routes that are for all. */
  readonly uncovered: readonly number[];
  /** The rules of others have changed that they are copies of. */
  readonly stale: boolean;
  /**
   * Objects that would be written otherwise now, for another reason than these: what the rules name is called otherwise, such as a port of the
   * Service. Empty where it could not be written at all.
   */
  readonly outdated: readonly ObjectRef[];
}

/**
 * What became of each of the routes. In the map are those that the adapter wrote and whose last change has come to its end; none where objects
 * of the mesh may not be read. One pass over what `reads` names, whatever the number of routes. Throws what the API server refuses.
 */
export async function driftAmong(mesh: MeshContext, routes: readonly StandingRoutes[]): Promise<ReadonlyMap<StandingRoutes, RouteDrift>> {
  const own = routes.filter(({ adapter, state }) => adapter === mesh.adapter.id && state === 'stands');
  if (own.length === 0) return new Map();
  const seen = await observe(mesh, { services: own.flatMap(portsOf) });
  if (isBlind(seen)) return new Map();
  const owned = ownedRules(mesh.adapter, seen);
  return new Map(own.map((route) => [route, driftOf(mesh, route, { seen, owned, routes })]));
}

/** Rules of standing routes by `ownerKey`. */
export function ownedRules(adapter: MeshAdapter, seen: Observed): ReadonlyMap<string, readonly OwnedRule[]> {
  const rules = allObjects(seen).flatMap((object) => adapter.owned(object));
  return groupBy(
    rules.filter(({ owner }) => owner.kind === 'route'),
    ({ owner }) => ownerKey(owner),
  );
}

/** What is known when routes are looked at. */
export interface DriftFacts {
  /** Of a target with their services. */
  readonly seen: Observed;
  readonly owned: ReturnType<typeof ownedRules>;
  /** All of their services. */
  readonly routes: readonly StandingRoutes[];
}

/** The same for one of them. */
export function driftOf(
  mesh: Pick<MeshContext, 'adapter' | 'env'>,
  route: StandingRoutes,
  { seen, owned, routes }: DriftFacts,
): RouteDrift {
  const { namespace, id, rules, copied } = route;
  const recorded = rules.filter(({ ref }) => wasLookedFor(seen, ref));
  const { edited, missing } = foreignEdits(recorded, owned.get(ownerKey({ kind: 'route', namespace, id })) ?? []);
  const stale = copied !== undefined && copied !== copiedFrom(mesh, portsOf(route), seen);
  return {
    edited: edited.map(({ found: { ref, pointer } }) => ({ ref, pointer })),
    missing: [...groupBy(missing, ({ ref }) => refKey(ref)).values()].flatMap((gone) =>
      gone.slice(0, 1).map(({ ref }) => ({ ref, rules: gone.length })),
    ),
    uncovered: route.allPorts ? uncovered(mesh, route, seen, routes) : [],
    stale,
    outdated: edited.length + missing.length > 0 || stale ? [] : outdated(mesh, route, seen),
  };
}

/** What `encode` would write for the routes as they are recorded; all of it stands where nothing has changed. */
function outdated({ adapter, env }: Pick<MeshContext, 'adapter' | 'env'>, route: StandingRoutes, seen: Observed): readonly ObjectRef[] {
  const { namespace, id, versions, entries } = route;
  const there = portsOfService(serviceOf(route, seen) ?? {}).map(({ port }) => port);
  const services = portsOf(route).filter(({ port }) => !route.allPorts || there.includes(port));
  if (services.length === 0 || entries.length === 0 || isBlind(seen)) return [];
  const owner: Owner = { kind: 'route', namespace, id };
  const encoded = adapter.encode({ owner, services, views: 'all', versions, intents: intentsOf(entries) }, seen, env);
  if ('refused' in encoded) return [];
  return [...new Map(encoded.ok.map(({ ref }) => [refKey(ref), ref])).values()];
}

/** What may not be read looks like what is gone: nothing can be told then. */
const isBlind = (seen: Observed) => [...seen.values()].some((one) => 'unread' in one && one.unread === 'forbidden');

const serviceOf = ({ namespace, service }: StandingRoutes, seen: Observed) =>
  objectsOf(seen, '', 'Service').find((one) => metaOf(one).namespace === namespace && metaOf(one).name === service);

function uncovered(
  { adapter, env }: Pick<MeshContext, 'adapter' | 'env'>,
  route: StandingRoutes,
  seen: Observed,
  routes: readonly StandingRoutes[],
): readonly number[] {
  const { namespace, service: name } = route;
  const known = routes.filter((one) => one.namespace === namespace && one.service === name).flatMap(({ ports }) => ports);
  const services = portsOfService(serviceOf(route, seen) ?? {}).flatMap(({ port }) =>
    known.includes(port) ? [] : [{ namespace, name, port }],
  );
  if (services.length === 0) return [];
  const { tables } = adapter.decode({ services }, seen, env);
  return services.filter((service) => carriesHttp(service, tables)).map(({ port }) => port);
}

/** Whether an object would have been seen if it were there. */
function wasLookedFor(seen: Observed, { apiVersion, kind, namespace, name }: ObjectRef): boolean {
  const every = { group: groupOf(apiVersion), kind };
  const queries = [
    every,
    ...(namespace === undefined
      ? []
      : [
          { ...every, namespace },
          { ...every, namespace, name },
        ]),
  ];
  return queries.some((query) => unreadReason(seen, query) === undefined);
}

const portsOf = ({ namespace, service, ports }: StandingRoutes) => servicesOf({ namespace, service, ports });
