import { describeRef, metaOf, type Note, type ObjectEdit, type Planned, type Refusal, refKey, refOf, sameOwner } from '@heddle/core';
import { ownerOfRoute } from '../../owned/ownership.js';
import type { EncodeTask } from '../encode-task.js';
import { mirrorNotes } from '../mirror-target.js';
import { isShared } from '../sites.js';
import { editsTo } from './edits.js';
import { wantedObjects } from './objects.js';

/** One MeshHTTPRoute of the owner's own for each set of callers, and none besides. */
export function encodeMeshHttpRoutes(task: EncodeTask): Planned<readonly ObjectEdit[]> {
  const { change, objects } = task;
  const made = wantedObjects(task);
  if ('refused' in made) return made;
  const routes = objects.filter((object) => object.kind === 'MeshHTTPRoute');
  const existing = routes.filter((object) => {
    const owner = ownerOfRoute(object);
    return owner !== undefined && sameOwner(owner, change.owner);
  });
  const known = new Set(existing.map((object) => refKey(refOf(object))));
  const taken = made.ok.filter((object) => {
    const key = refKey(refOf(object));
    return !known.has(key) && routes.some((other) => refKey(refOf(other)) === key);
  });
  const leaving = existing.filter((object) => metaOf(object).deletionTimestamp !== undefined);
  const refused: Refusal[] = [
    ...taken.map((object) => ({
      code: 'name-taken',
      message: `${describeRef(refOf(object))} is somebody else's, yet has the name that heddle would use`,
      instead: 'rename it',
      ref: refOf(object),
    })),
    ...leaving.map((object) => ({
      code: 'being-deleted',
      message: `${describeRef(refOf(object))} is being deleted`,
      instead: 'wait until it is gone',
      ref: refOf(object),
    })),
  ];
  if (refused.length > 0) return { refused };
  return { ok: editsTo(made.ok, existing, change), notes: [...mirrorNotes(task), ...sharedNotes(task), ...unusedTrafficRoutes(task)] };
}

/** A mirror is for all requests of a rule, wherever that sends them. */
function sharedNotes({ sites, base, change }: EncodeTask): readonly Note[] {
  if (change.owner.kind !== 'route') return [];
  const rules = sites.flatMap(({ tables }) => tables.flatMap(({ table }) => table.rules)).filter(({ action }) => isShared(action, base));
  return [...new Set(rules.map(({ label }) => label ?? 'A rule'))].map((label) => ({
    code: 'mixed-destinations',
    message: `${label} sends to other services too: its requests to these are mirrored as well`,
  }));
}

/** A mesh may still have TrafficRoutes that no caller follows. */
function unusedTrafficRoutes({ world, base }: EncodeTask): readonly Note[] {
  if (world.release.major >= 3 || !world.trafficRoutes.some(({ mesh }) => mesh === base.service.mesh)) return [];
  return [{ code: 'traffic-routes-unused', message: `Mesh ${base.service.mesh} has TrafficRoutes too; its callers follow MeshHTTPRoutes` }];
}
