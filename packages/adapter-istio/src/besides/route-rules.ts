import {
  describeRef,
  findings,
  type KubeObject,
  type MeshEnvironment,
  observeObjects,
  type Problem,
  refOf,
  type ServiceRef,
} from '@heddle/core';
import { number, record } from '../decode/raw.js';
import { baseQueries } from '../decode/reads.js';
import { LEGACY } from '../decode/route-rule/legacy-group.js';
import { reportRouteRules } from '../decode/route-rule/report.js';
import { subjectsOf } from '../decode/subjects.js';
import { readWorld } from '../decode/world.js';

/** What of RouteRules had no effect, or another one than they say: it is not converted. */
export function routeRuleLosses(objects: readonly KubeObject[], env: MeshEnvironment): readonly Problem[] {
  const rules = objects.filter((object) => object.kind === 'RouteRule' && refOf(object).apiVersion.startsWith(`${LEGACY}/`));
  if (rules.length === 0) return [];
  const found = findings();
  const world = readWorld(observeObjects(objects, baseQueries()), env);
  const services = world.services.flatMap(({ namespace, name, ports }) =>
    ports.map((port): ServiceRef => ({ namespace, name, port: port.number })),
  );
  reportRouteRules(world, subjectsOf(world, { services }), env, found);
  return [...found.problems().filter(({ code }) => code.startsWith('legacy-route-rule-')), ...rules.flatMap(fractions)];
}

/** Percentages that Istio 0.x cut (0.5.0 `pilot/pkg/proxy/envoy/fault.go`). */
function fractions(object: KubeObject): readonly Problem[] {
  const ref = refOf(object);
  const fault = record(record(object.spec).httpFault);
  return ['delay', 'abort'].flatMap((part): readonly Problem[] => {
    const percent = number(record(fault[part]).percent);
    if (percent === undefined || Number.isInteger(percent)) return [];
    const message = `${describeRef(ref)}: Istio 0.x cut the ${percent} % of its ${part} to ${Math.trunc(percent)} %, which is what is converted`;
    const fix = `write ${percent} % into the fault of the new object, if that is what is meant`;
    return [{ code: 'legacy-route-rule-percent', message, ref, pointer: `/spec/httpFault/${part}/percent`, fix }];
  });
}
