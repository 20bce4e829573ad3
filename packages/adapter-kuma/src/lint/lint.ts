import {
  describeRef,
  distinctFindings,
  type Finding,
  finding,
  type MeshEnvironment,
  type Observed,
  objectsOf,
  type Problem,
  refKey,
  refOf,
  regexCache,
  unreachedRules,
} from '@heddle/core';
import { decidingTables } from '../decode/deciding.js';
import { KUMA } from '../decode/world.js';
import { backslashFinding, backslashTags } from './backslash-tags.js';
import { type LintContext, lintContext } from './context.js';
import { type Group, groupsOf } from './groups.js';
import { losingRules } from './losing-rules.js';
import { lintMeshRoutes } from './mesh-routes.js';
import { lintNamespaces, lintProtocols } from './services.js';
import { lintTrafficRouteMeshes } from './traffic-route-meshes.js';
import { lintTrafficRoutes } from './traffic-routes.js';

/**
 * What is wrong with a mesh's objects as they stand together. Rules are compiled Service by Service, each with what is about it, so the work
 * grows with the number of objects and not with callers times Services.
 */
export function lint(seen: Observed, env: MeshEnvironment): readonly Problem[] {
  const context = lintContext(seen, env);
  const regexes = regexCache();
  return distinctFindings([
    ...backslashes(context, seen),
    ...unknownMeshes(context),
    ...lintNamespaces(context),
    ...lintProtocols(context),
    ...lintTrafficRoutes(context, regexes),
    ...lintTrafficRouteMeshes(context),
    ...lintMeshRoutes(context, regexes),
    ...groupsOf(context, seen).flatMap((group) => lintGroup(group, env)),
  ]);
}

function lintGroup({ service, seen }: Group, env: MeshEnvironment): readonly Finding[] {
  const services = service.ports.map(({ number }) => ({ namespace: service.namespace, name: service.name, port: number }));
  const { tables } = decidingTables({ services }, seen, env);
  const listed = tables.filter(({ by }) => by === 'trafficRoute').map(({ table }) => table);
  const ranked = tables.filter(({ by }) => by === 'routes').map(({ table }) => table);
  const unreached = unreachedRules(ranked, 'Kuma sorts rules by how narrow they are, wherever they stand');
  const dead = new Set(unreached.map(({ ref, pointer }) => `${refKey(ref)}${pointer}`));
  // A rule that nothing reaches loses to others as well.
  const losing = losingRules(ranked).filter(({ ref, pointer }) => !dead.has(`${refKey(ref)}${pointer}`));
  return [...unreachedRules(listed), ...unreached, ...losing];
}

/** In tags of TrafficRoutes, of which the rest is looked at as if they were not there. */
function backslashes({ world }: LintContext, seen: Observed): readonly Finding[] {
  if (world.release.major >= 3) return [];
  return objectsOf(seen, KUMA, 'TrafficRoute').flatMap((object) =>
    backslashTags(object).map((tag) => backslashFinding(refOf(object), tag)),
  );
}

/** Objects of a mesh that there is no Mesh of. */
function unknownMeshes({ world, routes, isLive }: LintContext): readonly Finding[] {
  if (!isLive && world.meshes.size === 0) return [];
  return [...routes, ...world.trafficRoutes].flatMap(({ ref, mesh, object }) => {
    if (world.meshes.has(mesh)) return [];
    const pointer = typeof object.mesh === 'string' ? '/mesh' : '/metadata/labels/kuma.io~1mesh';
    const text = `it is of mesh ${mesh}, which is not there (${[...world.meshes.values()].map((one) => (one.ref === undefined ? one.name : describeRef(one.ref))).join(', ') || 'there is none'}), so nothing follows it`;
    return [finding('error', 'mesh-missing', ref, text, { pointer, fix: 'name a mesh that is there' })];
  });
}
