import { closest, describeRef, type Finding, finding, lintCondition, type Regexes, ruleName } from '@heddle/core';
import { isHttp, parseProtocol } from '../decode/protocols.js';
import { type Raw, record, records, text as textOf } from '../decode/raw.js';
import { inOrder } from '../decode/route-items.js';
import { modeOf } from '../decode/world.js';
import type { MeshRoute, RouteRule, ToItem } from '../decode/world-types.js';
import { ownerOfRoute, parseServiceTag } from '../owned/ownership.js';
import type { LintContext } from './context.js';
import { lintBackends } from './mesh-route-backends.js';
import { missingService } from './missing-service.js';
import { destinationsMeant, serviceOfTag } from './targets.js';

/** What is wrong with each MeshHTTPRoute and MeshTCPRoute by itself. heddle's own are passed over. */
export function lintMeshRoutes(context: LintContext, regexes: Regexes): readonly Finding[] {
  const foreign = context.routes.filter(({ object, targetRef }) => ownerOfRoute(object) === undefined && targetRef.kind !== 'MeshGateway');
  return [
    ...sameMatches(foreign),
    ...foreign.flatMap((route) =>
      route.to.flatMap((to) => [
        ...target(context, route, to),
        ...to.rules.flatMap((rule) => [
          ...lintBackends(context, route, rule),
          ...rule.matches.flatMap((match, n) => conditions(route, match, `${rule.pointer}/matches/${n}`, regexes)),
        ]),
      ]),
    ),
  ];
}

/**
 * Rules of two policies that ask for the same of the same Service: they become one, with the destinations of the policy that counts more (kuma
 * `meshhttproute/plugin/v1alpha1`, 2.14; seen with 2.14.3).
 */
function sameMatches(routes: readonly MeshRoute[]): readonly Finding[] {
  const known = new Map<string, readonly [MeshRoute, RouteRule]>();
  return inOrder(routes.filter(({ ref }) => ref.kind === 'MeshHTTPRoute'))
    .toReversed()
    .flatMap((route) =>
      route.to.flatMap(({ targetRef, rules }) =>
        rules.flatMap((rule) => {
          const key = JSON.stringify([route.mesh, targetRef, rule.matches]);
          const [stronger, other] = known.get(key) ?? [];
          if (stronger === undefined || other === undefined) {
            known.set(key, [route, rule]);
            return [];
          }
          if (stronger === route || rule.backendRefs === undefined || other.backendRefs === undefined) return [];
          const text = `${ruleName(rule)} asks for the same as ${ruleName(other)} of ${describeRef(stronger.ref)}, about the same Service: for callers of both, the destinations there count and not these`;
          return [finding('warning', 'rule-merged', route.ref, text, { pointer: rule.pointer, fix: 'put both into one policy' })];
        }),
      ),
    );
}

/** An item about nothing, or about connections only. */
function target(context: LintContext, route: MeshRoute, to: ToItem): readonly Finding[] {
  const { world } = context;
  const { name = '', kind } = to.targetRef;
  const place = `${to.pointer}/targetRef`;
  const meant = destinationsMeant(context, route, to);
  const tagged = kind === 'MeshService' && parseServiceTag(name) !== undefined;
  const then = ': the item is about nothing';
  if (tagged && meant.length === 0) {
    const fault = missingService(context, route.mesh, name);
    if (fault !== undefined)
      return [finding(fault.severity, fault.code, route.ref, `${fault.text}${then}`, { pointer: `${place}/name`, fix: fault.fix })];
  } else if (meant.length === 0 && kind === 'MeshService' && name !== '') {
    return [unknownSection(context, route, to, place) ?? unknownResource(context, route, name, `${place}/name`)];
  }
  if (route.ref.kind !== 'MeshHTTPRoute') return [];
  const port = parseServiceTag(name)?.port;
  const service = serviceOfTag(context, name);
  const ports = tagged ? service?.ports.filter(({ number }) => number === port) : meant.flatMap((one) => one.ports);
  if (ports === undefined || ports.length === 0 || ports.some(({ protocol }) => isHttp(parseProtocol(protocol)))) return [];
  const of = service ?? meant[0]?.service;
  const text = `${name} is not http to Kuma (${[...new Set(ports.map(({ protocol }) => protocol))].join(', ')}), so these rules do nothing: connections go through as they are`;
  const fix = `set appProtocol: http on the port${of === undefined ? '' : ` of ${describeRef(of.ref)}`}`;
  return world.release.major >= 3 && of === undefined
    ? []
    : [finding('error', 'http-rules-on-tcp', route.ref, text, { pointer: place, fix })];
}

/** A MeshService that is there, without the port that is named. */
function unknownSection(context: LintContext, route: MeshRoute, to: ToItem, place: string): Finding | undefined {
  const { sectionName, ...anyPort } = to.targetRef;
  const [found] = destinationsMeant(context, route, { ...to, targetRef: anyPort });
  if (found === undefined || sectionName === undefined) return undefined;
  const ports = found.ports.map(({ name, number }) => (name === '' ? `${number}` : name));
  return finding(
    'error',
    'service-missing',
    route.ref,
    `MeshService ${found.displayName} has no port ${sectionName}: the item is about nothing`,
    { pointer: `${place}/sectionName`, fix: ports.length === 0 ? 'give its Service ports' : `name one that it has: ${ports.join(', ')}` },
  );
}

/** A MeshService by its own name, which is not there. */
function unknownResource(context: LintContext, route: MeshRoute, name: string, pointer: string): Finding {
  const { world } = context;
  if (modeOf(world, route.mesh) === 'Disabled' && world.release.major < 3) {
    const service = context.service(route.namespace, name) ?? world.services.find((one) => one.name === name);
    const text = `mesh ${route.mesh} has no MeshServices (meshServices.mode is Disabled), so the name ${name} means nothing: the item is about nothing`;
    const fix =
      service === undefined
        ? 'name the Service as NAME_NAMESPACE_svc_PORT'
        : `write ${service.name}_${service.namespace}_svc_${service.ports[0]?.number ?? 80}`;
    return finding('error', 'service-missing', route.ref, text, { pointer, fix });
  }
  const near = closest(
    name,
    world.destinations.map(({ displayName }) => displayName),
  );
  const complete = context.isLive || world.destinations.length > 0;
  const text = `there is no MeshService ${name}${complete ? '' : ' among what was read'}, nor a Service to make it of: the item is about nothing`;
  return finding(complete ? 'error' : 'info', 'service-missing', route.ref, text, {
    pointer,
    fix: near === undefined ? 'correct the name' : `did you mean ${near}?`,
  });
}

function conditions({ ref }: MeshRoute, match: Raw, pointer: string, regexes: Regexes): readonly Finding[] {
  const regex = (raw: Raw, of: string, at: string) =>
    raw.type === 'RegularExpression'
      ? lintCondition({ ref, of, kind: 'regex', value: textOf(raw.value), pointer: `${at}/value` }, regexes)
      : [];
  return [
    ...regex(record(match.path), 'path', `${pointer}/path`),
    ...records(match.headers).flatMap((raw, n) => regex(raw, `header ${textOf(raw.name)}`, `${pointer}/headers/${n}`)),
    ...records(match.queryParams).flatMap((raw, n) => regex(raw, `query parameter ${textOf(raw.name)}`, `${pointer}/queryParams/${n}`)),
  ];
}
