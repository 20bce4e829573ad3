import { duration, type KubeObject } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { DISPLAY_NAME_LABEL } from '../../decode/tags.js';
import { modeOf } from '../../decode/world.js';
import type { World } from '../../decode/world-types.js';
import type { Run } from './rules.js';

/**
 * Whether a mesh dials Services as resources: only then a policy in a Service's namespace can be about one MeshHTTPRoute. Else both must
 * stand in the system namespace (kuma `core/rules/rules.go`, `legacyBuildToRules`, 2.14).
 */
export const dialsResources = (world: World, mesh: string): boolean => ['Everywhere', 'Exclusive'].includes(modeOf(world, mesh));

/** The MeshTimeout and the MeshRetry of a MeshHTTPRoute, under its name. */
export function limitObjects({ timeoutMs, retry }: Run['limits'], route: KubeObject, world: World, mesh: string): readonly KubeObject[] {
  const policy = (kind: string, conf: Raw): KubeObject => ({ ...route, kind, spec: about(route, conf, world, mesh) });
  return [
    ...(timeoutMs === undefined ? [] : [policy('MeshTimeout', { http: { requestTimeout: duration(timeoutMs) } })]),
    ...(retry === undefined ? [] : [policy('MeshRetry', retry)]),
  ];
}

function about({ metadata }: KubeObject, conf: Raw, world: World, mesh: string): Raw {
  const { name } = metadata as { readonly name: string };
  if (world.release.major >= 3)
    return { to: [{ targetRef: { kind: 'MeshHTTPRoute', labels: { [DISPLAY_NAME_LABEL]: name } }, default: conf }] };
  if (dialsResources(world, mesh)) return { to: [{ targetRef: { kind: 'MeshHTTPRoute', name }, default: conf }] };
  return { targetRef: { kind: 'MeshHTTPRoute', name }, to: [{ targetRef: { kind: 'Mesh' }, default: conf }] };
}
