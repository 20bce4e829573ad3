import { isOfThisZone } from './roles.js';
import { NAMESPACE_TAG, SERVICE_TAG, tagsMatch, ZONE_TAG } from './tags.js';
import { areAlike, EVERYBODY, inNamespace, type Who, whoAre, whoHasTags } from './who.js';
import type { Dataplane, MeshRoute, TargetRef, World } from './world-types.js';

/**
 * Whose calls a policy is about (kuma `pkg/plugins/policies/core/matchers/dataplane.go`, `DppSelectedByPolicy`, 2.14 and 3.0). A
 * consumer's is about the callers of its own namespace.
 */
export function whoIsTargeted(world: World, route: MeshRoute): Who {
  if (!isOfThisZone(world, route)) return [];
  const who = whoHas(world, route);
  if (route.role !== 'consumer' && route.role !== 'workload-owner') return who;
  return inNamespace(who, route.labels[NAMESPACE_TAG] ?? route.namespace);
}

function whoHas(world: World, route: MeshRoute): Who {
  const { targetRef } = route;
  const { kind, name = '', tags = {}, proxyTypes } = targetRef;
  const sidecars = proxyTypes === undefined || proxyTypes.length === 0 || proxyTypes.includes('Sidecar');
  if (kind === 'Mesh') return sidecars ? EVERYBODY : [];
  if (kind === 'Dataplane') return whoIsDataplane(world, route, targetRef);
  // The others are gone in 3.0.
  if (world.release.major >= 3) return [];
  if (kind === 'MeshSubset') return sidecars ? whoHasTags(world, tags) : [];
  if (kind === 'MeshService') return whoHasTags(world, { [SERVICE_TAG]: name });
  return kind === 'MeshServiceSubset' ? whoHasTags(world, { ...tags, [SERVICE_TAG]: name }) : [];
}

function whoIsDataplane(world: World, route: MeshRoute, ref: TargetRef): Who {
  const all = ref.name === undefined && ref.namespace === undefined && ref.labels === undefined;
  const byName = ref.name === undefined || world.release.major >= 3 ? [] : whoIsNamed(world, route, ref);
  return all ? EVERYBODY : [...byName, ...(ref.labels === undefined ? [] : whoHasLabels(world, ref.labels))];
}

const whoIsNamed = (world: World, route: MeshRoute, ref: TargetRef): Who => whoAre(world, dataplanesNamed(world, route, ref));

function dataplanesNamed(world: World, route: MeshRoute, ref: TargetRef): readonly Dataplane[] {
  const namespace = ref.namespace ?? route.namespace;
  return world.dataplanes.filter((one) => one.ref.name === ref.name && one.namespace === namespace && one.mesh === route.mesh);
}

/** Whether a policy is about one Pod that labels do not tell from its siblings: there is no view of it alone. */
export function isAboutOneOfMany(world: World, route: MeshRoute): boolean {
  const { targetRef } = route;
  return targetRef.kind === 'Dataplane' && targetRef.name !== undefined && areAlike(world, dataplanesNamed(world, route, targetRef));
}

/** A Dataplane has its Pod's labels, and others that Kuma computes: those are known by namespace, or by Pods that were seen. */
function whoHasLabels(world: World, labels: Readonly<Record<string, string>>): Who {
  const { [NAMESPACE_TAG]: namespace, ...rest } = labels;
  const fixed = { [ZONE_TAG]: world.zone, 'kuma.io/origin': 'zone', 'kuma.io/env': 'kubernetes', 'kuma.io/proxy-type': 'dataplane' };
  const own: Record<string, string> = {};
  const computed: Record<string, string> = {};
  for (const [key, value] of Object.entries(rest)) {
    const constant = Object.entries(fixed).find(([name]) => name === key)?.[1];
    if (constant === undefined) (COMPUTED.has(key) ? computed : own)[key] = value;
    else if (constant !== value) return [];
  }
  if (Object.keys(computed).length > 0) {
    const found = world.dataplanes.filter((one) => tagsMatch(labels, one.labels));
    return whoAre(world, found);
  }
  return [{ labels: own, ...(namespace === undefined ? {} : { namespace }) }];
}

const COMPUTED = new Set(['kuma.io/display-name', 'k8s.kuma.io/service-account', 'kuma.io/workload', 'kuma.io/mesh']);
