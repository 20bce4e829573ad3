import { closest, type Finding, finding, pointerTo } from '@heddle/core';
import { record, records, text as textOf } from '../decode/raw.js';
import { SERVICE_TAG } from '../decode/tags.js';
import type { BackendRef, MeshRoute, RouteRule } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import { tagsWithoutPods } from './missing-service.js';
import { backendMeant } from './targets.js';

/** Destinations of a rule that nobody is behind, and weights that do not mean what they seem to. */
export function lintBackends(context: LintContext, route: MeshRoute, rule: RouteRule): readonly Finding[] {
  return [...backends(context, route, rule), ...weights(route, rule)];
}

function backends(context: LintContext, route: MeshRoute, { backendRefs = [], pointer }: RouteRule): readonly Finding[] {
  return backendRefs.flatMap((ref, n) => {
    const at = `${pointer}/default/backendRefs/${n}`;
    if (ref.weight === 0) return [];
    const isTag =
      (ref.kind === 'MeshService' || ref.kind === 'MeshServiceSubset') && ref.port === undefined && ref.sectionName === undefined;
    if (!isTag) return unknownBackend(context, route, ref, at);
    const fault = tagsWithoutPods(context, route.mesh, { ...ref.tags, [SERVICE_TAG]: ref.name ?? '' });
    if (fault === undefined) return [];
    const isName = fault.key === SERVICE_TAG;
    // A backend that nobody is behind is left out of the rule (kuma `meshhttproute/plugin/v1alpha1`, 2.14; seen with 2.14.3).
    const text = isName
      ? fault.text.replace(': requests get 503', ': the reference is left out, and a rule without any other sends to the Service itself')
      : fault.text;
    return [
      finding(fault.severity, fault.code, route.ref, text, {
        pointer: isName ? `${at}/name` : pointerTo(`${at}/tags`, fault.key),
        fix: fault.fix,
      }),
    ];
  });
}

function unknownBackend(context: LintContext, route: MeshRoute, ref: BackendRef, at: string): readonly Finding[] {
  if (backendMeant(context, route, ref) !== undefined || ref.kind === 'MeshExternalService' || ref.kind === 'MeshMultiZoneService')
    return [];
  const complete = context.isLive || context.world.destinations.length > 0;
  const what = ref.name ?? JSON.stringify(ref.labels ?? {});
  const text = `there is no MeshService ${what}${complete ? '' : ' among what was read'}: the reference is left out`;
  const near = closest(
    what,
    context.world.destinations.map(({ displayName }) => displayName),
  );
  const fix = near === undefined ? 'correct the name; without a port it would be a tag, NAME_NAMESPACE_svc_PORT' : `did you mean ${near}?`;
  return [finding(complete ? 'error' : 'info', 'service-missing', route.ref, text, { pointer: at, fix })];
}

/** A weight that is left away is 1 (kuma `api/common/v1alpha1/targetref.go`), which beside percentages is next to nothing. */
function weights(route: MeshRoute, { backendRefs = [], pointer }: RouteRule): readonly Finding[] {
  const raws = records(record(record(pointed(route, pointer)).default).backendRefs);
  if (backendRefs.length === 0) return [];
  if (backendRefs.every(({ weight }) => weight === 0)) {
    const then = 'so the rule counts as one without destinations and sends to the Service itself';
    return [
      finding('warning', 'weights-all-zero', route.ref, `all its weights are 0, ${then}`, {
        pointer: `${pointer}/default/backendRefs`,
        fix: 'give one of them a weight',
      }),
    ];
  }
  const heavy = backendRefs.some(({ weight }) => weight >= 10);
  return raws.flatMap((raw, n) => {
    if (!heavy || raw.weight !== undefined) return [];
    const text = `${textOf(raw.name)} has no weight, which counts as 1 beside ${backendRefs
      .filter((_, other) => other !== n)
      .map(({ weight }) => weight)
      .join(', ')}`;
    return [
      finding('warning', 'weight-omitted', route.ref, text, { pointer: `${pointer}/default/backendRefs/${n}`, fix: 'give it a weight' }),
    ];
  });
}

function pointed({ object }: MeshRoute, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (Array.isArray(value) ? value[Number(key)] : record(value)[key]), object);
}
