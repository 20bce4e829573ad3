import { describeRef, type Findings, type MeshEnvironment, type Observed, objectsOf, refOf } from '@heddle/core';
import { record } from '../raw.js';
import type { Subjects } from '../subjects.js';
import type { JudgedRouteRule, RouteRule, World } from '../world-types.js';
import { sourceOf } from './as-virtual-services.js';
import { inOrder } from './judge.js';
import { LEGACY } from './legacy-group.js';
import { serviceHost } from './parse-route-rule.js';

/** Says of every RouteRule in question what it is worth; one for a Service that is not there is always in question. */
export function reportRouteRules(world: World, subjects: Subjects, env: MeshEnvironment, found: Findings): void {
  const asked = new Set([...subjects.services.keys()].map(({ host }) => host));
  const judged = world.routeRules.filter(({ rule }) => asked.has(rule.host) || !world.serviceByHost.has(rule.host));
  for (const one of judged) {
    found.problem('legacy-route-rule', worthOf(one, env), one.rule.ref);
    if (one.ignored === undefined) reportDetails(one.rule, world, found);
  }
  for (const rules of Map.groupBy(decidingOf(judged), ({ host }) => host).values()) reportFaults(inOrder(rules), found);
}

const decidingOf = (judged: readonly JudgedRouteRule[]): readonly RouteRule[] =>
  judged.flatMap(({ rule, ignored }) => (ignored === undefined ? [rule] : []));

function worthOf({ rule, ignored }: JudgedRouteRule, env: MeshEnvironment): string {
  const named = describeRef(rule.ref);
  if (ignored === undefined) return `${named} is read as Istio 0.2 to 0.8 read it; an Istio of today ignores it`;
  if (ignored === 'version') {
    const here = env.version === undefined ? '' : `, and here is ${env.version}`;
    return `${named} is ignored: no Istio since 1.0 honours RouteRules${here}`;
  }
  return `${named} is ignored: ${describeRef(ignored.ref)} is about ${rule.host}, so the mesh routes by today's objects`;
}

function reportDetails(rule: RouteRule, world: World, found: Findings): void {
  const named = describeRef(rule.ref);
  if (sourceOf(rule, world.serviceByHost) === undefined) {
    const message = `${named} is for requests of ${rule.source?.host ?? ''}, which has no such pods, so it is for nobody's`;
    found.problem('legacy-route-rule-source', message, rule.ref, { pointer: '/spec/match/source' });
  }
  if (rule.uriHeader) {
    const message = `${named} asks for uri by a regex, which Istio 0.x looked for in a header of that name: the rule fits no usual request`;
    found.problem('legacy-route-rule-uri', message, rule.ref, { pointer: '/spec/match/request/headers/uri' });
  }
  for (const path of rule.unread) {
    const pointer = `/spec/${path.replaceAll('.', '/')}`;
    found.problem('legacy-route-rule-field', `${named}: ${path} had no effect or is not read`, rule.ref, { pointer });
  }
  const service = world.serviceByHost.get(rule.host);
  const ports = (service?.ports ?? []).filter(({ protocol }) => protocol === 'tcp').map(({ number }) => number);
  if (service !== undefined && ports.length > 0) {
    const message = `${describeRef(service.ref)}: Istio 0.x took port ${ports.join(', ')} for TCP, as its name says nothing of HTTP, so RouteRules do not count there`;
    found.problem('legacy-route-rule-port', message, service.ref);
  }
}

/**
 * Istio 0.x hung a fault on the destination and the headers that the rule asks for, not on the rule (0.5.0 `pilot/pkg/proxy/envoy/route.go`):
 * what an earlier rule sends there, and requests for other paths, had it too.
 */
function reportFaults(rules: readonly RouteRule[], found: Findings): void {
  const targets = ({ http }: RouteRule) => http.route.map(({ host, labels }) => JSON.stringify([host, labels]));
  for (const [position, rule] of rules.entries()) {
    if (rule.http.fault === undefined) continue;
    const own = new Set(targets(rule));
    const earlier = rules.slice(0, position).filter((one) => targets(one).some((target) => own.has(target)));
    const byPath = rule.http.match.some(({ uri }) => uri !== undefined);
    if (earlier.length === 0 && !byPath) continue;
    const others = byPath
      ? 'requests for other paths'
      : `requests that ${earlier.map(({ ref }) => describeRef(ref)).join(', ')} sends there`;
    const message = `${describeRef(rule.ref)}: in Istio 0.x its fault is on the destination, so ${others} get it too; that is not shown`;
    found.problem('legacy-route-rule-fault', message, rule.ref, { pointer: '/spec/httpFault' });
  }
}

/** The other two kinds of Istio 0.x that calls depended on. */
export function reportLegacyKinds(world: World, subjects: Subjects, seen: Observed, found: Findings): void {
  const asked = new Set([...subjects.services.keys()].map(({ host }) => host));
  for (const object of objectsOf(seen, LEGACY, 'DestinationPolicy')) {
    const ref = refOf(object);
    const { destination } = record(object.spec);
    if (!asked.has(serviceHost(record(destination), ref.namespace ?? '', world.domain))) continue;
    found.problem('legacy-not-read', `${describeRef(ref)} (load balancing, circuit breaking) is not read`, ref, { severity: 'info' });
  }
  for (const object of objectsOf(seen, LEGACY, 'EgressRule')) {
    const ref = refOf(object);
    found.problem('legacy-not-read', `${describeRef(ref)} (calls out of the mesh) is not read`, ref, { severity: 'info' });
  }
}
