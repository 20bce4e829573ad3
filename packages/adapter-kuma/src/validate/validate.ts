import { type FieldFault, groupOf, invalidObject, isRecord, type MeshEnvironment, type Problem, refOf } from '@heddle/core';
import { parseMeshRoute } from '../decode/parse-mesh-route.js';
import { parseTrafficRoute } from '../decode/parse-traffic-route.js';
import { configOf, displayName, KUMA, releaseOf, systemNamespaceOf } from '../decode/world.js';
import { backslashFinding, backslashTags, withoutBackslashes } from '../lint/backslash-tags.js';
import { meshRouteFaults } from './mesh-route.js';
import { trafficRouteFaults } from './traffic-route.js';

/**
 * What the CRD or Kuma's webhook would refuse of a TrafficRoute, MeshHTTPRoute or MeshTCPRoute; empty for other kinds. What decode
 * tolerates and says (numbers in tags) is not held against an object. Tags with backslashes have a code of their own, `tag-backslash`.
 */
export function validate(object: unknown, env: MeshEnvironment): readonly Problem[] {
  if (!isRecord(object) || groupOf(refOf(object).apiVersion) !== KUMA) return [];
  const ref = refOf(object);
  if (ref.kind !== 'TrafficRoute') return invalidObject(ref, faultsOf(object, env));
  return [
    ...backslashTags(object).map((tag) => backslashFinding(ref, tag)),
    ...invalidObject(ref, trafficRouteFaults(parseTrafficRoute(configOf(withoutBackslashes(object))))),
  ];
}

function faultsOf(object: Readonly<Record<string, unknown>>, env: MeshEnvironment): readonly FieldFault[] {
  const config = configOf(object);
  if (config.ref.kind !== 'MeshHTTPRoute' && config.ref.kind !== 'MeshTCPRoute') return [];
  const { major } = releaseOf(env.version);
  return meshRouteFaults(parseMeshRoute(config, displayName(config), systemNamespaceOf(env), major), major);
}
