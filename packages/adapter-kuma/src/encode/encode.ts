import {
  type Change,
  type KubeObject,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  type Observed,
  objectsOf,
  ok,
  type Planned,
  type Result,
  refuse,
  sameOwner,
  withoutObjects,
} from '@heddle/core';
import { decidingTables } from '../decode/deciding.js';
import { readWorld } from '../decode/world.js';
import { KUMA_GROUP } from '../environment/kinds.js';
import { ownerOfRoute } from '../owned/ownership.js';
import { baseServiceOf } from './base-service.js';
import type { EncodeTask } from './encode-task.js';
import { removalOf } from './mesh-http-route/edits.js';
import { encodeMeshHttpRoutes } from './mesh-http-route/encode.js';
import { routingOf } from './routing.js';
import { type Site, sitesOf } from './sites.js';
import { encodeTrafficRoutes } from './traffic-route/encode.js';
import { isCopy } from './traffic-route/object.js';
import { removeItems } from './traffic-route/remove.js';
import { verify } from './verify.js';
import { wantedOf } from './wanted.js';

/**
 * The edits that make an owner's rules exactly the change's. See `MeshAdapter.encode`; the shape of the rules is in design §6
 * (one rule or copies, order and drift, ownership in the object, Kuma).
 */
export function encode(change: Change, seen: Observed, env: MeshEnvironment): Planned<readonly ObjectEdit[]> {
  const objects = [...objectsOf(seen, KUMA_GROUP, 'TrafficRoute'), ...objectsOf(seen, KUMA_GROUP, 'MeshHTTPRoute')];
  if (change.intents.length === 0) return { ok: removal(change, objects), notes: [] };
  const world = readWorld(seen, env);
  const base = baseServiceOf(change.services, world, seen);
  if ('refused' in base) return base;
  const { mesh, namespace, name } = base.ok.service;
  if (env.settings.mesh !== undefined && env.settings.mesh !== mesh) {
    return refuse(
      'other-mesh',
      `Service ${namespace}/${name} belongs to mesh ${mesh}, and this cluster's option mesh says ${env.settings.mesh}`,
      'leave the option out: a service belongs to the mesh that its namespace or pods name',
    );
  }
  const routing = routingOf(world, mesh, env);
  if ('refused' in routing) return routing;
  const wanted = wantedOf(change, routing.ok, env);
  if ('refused' in wanted) return wanted;
  const sites = foreignSites({ change, objects, seen, env, world, base: base.ok });
  if ('refused' in sites) return sites;
  const task: EncodeTask = { change, seen, env, world, base: base.ok, wanted: wanted.ok, objects, sites: sites.ok };
  const planned = routing.ok === 'TrafficRoute' ? encodeTrafficRoutes(task) : encodeMeshHttpRoutes(task);
  if ('refused' in planned) return planned;
  const other = removal(
    change,
    objects.filter(({ kind }) => kind !== routing.ok),
  );
  const edits = [...planned.ok, ...other];
  const refused = verify(task, edits);
  return refused.length > 0 ? { refused } : { ok: edits, notes: planned.notes };
}

/** What decides without objects of ours: they are made of this, and must not be made of themselves. */
function foreignSites({ change, objects, seen, env, world, base }: Omit<EncodeTask, 'sites' | 'wanted'>): Result<readonly Site[]> {
  const ours = objects.filter((object) => isCopy(object) || ownerOfRoute(object) !== undefined);
  const foreign = withoutObjects(seen, ours);
  const { tables } = decidingTables({ services: change.services }, foreign, env, foreign === seen ? world : undefined);
  const { namespace, name } = base.service;
  const sites = sitesOf(tables, world, base);
  const unknown = base.ports.find((port) => !sites.some((site) => site.isOwn && site.port === port));
  if (unknown !== undefined) {
    return refuse(
      'not-in-mesh',
      `The mesh does not know ${namespace}/${name}: none of its pods has a sidecar`,
      'have a sidecar injected into its pods',
    );
  }
  const tcp = sites
    .flatMap((site) => site.tables)
    .find(({ table, by }) => table.protocol !== 'http' || (by === 'service' && table.otherwise === 'closed'));
  if (tcp !== undefined) {
    const { dialled } = tcp;
    return refuse(
      'not-http',
      `Kuma passes connections to ${dialled?.namespace}/${dialled?.name}:${dialled?.port} on without looking at requests, for lack of a ready pod or because a destination carries no HTTP`,
      'see that every destination has a ready pod and appProtocol: http, and that no MeshTCPRoute is for it',
    );
  }
  return ok(sites);
}

/** Never refuses: clean-up must work without the service, the record, or an object that can be decoded. */
function removal(change: Change, objects: readonly KubeObject[]): readonly ObjectEdit[] {
  const routes = objects.filter((object) => {
    const owner = object.kind === 'MeshHTTPRoute' ? ownerOfRoute(object) : undefined;
    return owner !== undefined && sameOwner(owner, change.owner) && metaOf(object).deletionTimestamp === undefined;
  });
  return [
    ...routes.flatMap((object) => removalOf(object, change)),
    ...removeItems(
      change,
      objects.filter(({ kind }) => kind === 'TrafficRoute'),
    ),
  ];
}
