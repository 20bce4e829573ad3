import {
  type Change,
  describeRef,
  describeService,
  type KubeObject,
  type MeshEnvironment,
  type ObjectEdit,
  type Observed,
  objectsOf,
  ownerKey,
  type Planned,
  type Refusal,
  type Result,
  refKey,
  refOf,
  refusal,
  sameOwner,
} from '@heddle/core';
import { gapsOf } from '../decode/gaps.js';
import { findService, readWorld, type World } from '../decode/world.js';
import { GATEWAY_API, HTTP_ROUTE, ownedPart } from '../names.js';
import { draft } from './draft.js';
import { editsTo } from './edits.js';
import { misplaced } from './order.js';
import { sitesOf } from './site.js';
import { type Wanted, wantedOf } from './wanted.js';
import { overfull, routesFor, rulesOf } from './write-route.js';

/**
 * The edits that make an owner's rules exactly the change's: always from the foreign routes and the change, never from what ours are
 * now. So creating, encoding anew after somebody's edit and removing are one and the same.
 */
export function encode(change: Change, seen: Observed, env: MeshEnvironment): Planned<readonly ObjectEdit[]> {
  const why = `rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
  const all = objectsOf(seen, GATEWAY_API, HTTP_ROUTE);
  const live = all.filter((object) => sameOwner(ownedPart(object)?.owner ?? 'foreign', change.owner));
  if (change.intents.length === 0 && change.views === 'all') return { ok: editsTo([], live, why), notes: [] };
  const wanted = wantedOf(change);
  if ('refused' in wanted) return wanted;
  const routes = routesOf(change, wanted.ok, seen, env);
  if ('refused' in routes) return routes;
  const taken = routes.ok.flatMap((object) => takenName(object, all, live));
  return taken.length > 0 ? { refused: taken } : { ok: editsTo(routes.ok, live, why), notes: [] };
}

/** Somebody else's object is never taken over, whatever it is called. */
function takenName(object: KubeObject, all: readonly KubeObject[], live: readonly KubeObject[]): readonly Refusal[] {
  const ref = refOf(object);
  const found = all.find((other) => refKey(refOf(other)) === refKey(ref));
  if (found === undefined || live.includes(found)) return [];
  return [
    refusal('name-taken', `${describeRef(ref)} is not heddle's, and has the name that its own would get`, { instead: 'rename it', ref }),
  ];
}

function routesOf(change: Change, wanted: readonly Wanted[], seen: Observed, env: MeshEnvironment): Result<readonly KubeObject[]> {
  const world = readWorld(seen, env);
  const refused: Refusal[] = [];
  const routes: KubeObject[] = [];
  for (const { namespace, name, port } of change.services) {
    const service = findService(world, namespace, name);
    if (service === undefined) {
      refused.push(refusal('service-missing', `There is no Service ${namespace}/${name}`));
      continue;
    }
    refused.push(...withoutOurs(world, seen, { service, port }));
    const sites = sitesOf(change, service, port, world);
    if ('refused' in sites) {
      refused.push(...sites.refused);
      continue;
    }
    const exposed = change.services.filter((one) => one.namespace === namespace && one.name === name).map((one) => one.port);
    for (const site of sites.ok) {
      const drafts = draft(site, wanted, exposed, world);
      if ('refused' in drafts) refused.push(...drafts.refused);
      else if (drafts.ok.length > 0) {
        refused.push(...misplaced(drafts.ok, site, change.owner), ...overfull(rulesOf(site, drafts.ok, change.owner)));
        routes.push(...routesFor(site, drafts.ok, change.owner, env));
      }
    }
  }
  return refused.length > 0 ? { refused } : { ok: routes };
}

/** What decides without any route of ours must be understood as well: ours could be all that hides it. */
function withoutOurs(world: World, seen: Observed, subject: Parameters<typeof gapsOf>[1][number]): readonly Refusal[] {
  const routes = world.routes.filter(({ own }) => own === undefined);
  return gapsOf({ ...world, routes }, [subject], seen).map(({ feature, message, ref }) =>
    refusal(feature, message, ref === undefined ? {} : { ref }),
  );
}
