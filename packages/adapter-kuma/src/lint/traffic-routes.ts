import { type Finding, finding, lintCondition, type ObjectRef, pointerTo, type Regexes } from '@heddle/core';
import { isHttp, parseProtocol } from '../decode/protocols.js';
import { indexed, type Raw, record } from '../decode/raw.js';
import { SERVICE_TAG } from '../decode/tags.js';
import type { Tags, TrafficRoute } from '../decode/world-types.js';
import { ownerOfItem, parseServiceTag } from '../owned/ownership.js';
import type { LintContext } from './context.js';
import { missingService, tagsWithoutPods } from './missing-service.js';
import { isEveryService, serviceOfTag } from './targets.js';

/** What is wrong with each TrafficRoute by itself. */
export function lintTrafficRoutes(context: LintContext, regexes: Regexes): readonly Finding[] {
  const { world } = context;
  return world.trafficRoutes.flatMap((route) => {
    const spec = record(route.object.spec);
    if (world.release.major >= 3) {
      const text = `Kuma ${context.env.version} knows no TrafficRoutes: requests go as if it were not there`;
      return [finding('error', 'traffic-route-ignored', route.ref, text, { pointer: '/kind', fix: 'write it as a MeshHTTPRoute' })];
    }
    return [
      ...written(route),
      ...selectors(context, route),
      ...splits(context, route, spec),
      ...rulesOnTcp(context, route),
      ...conditions(route, regexes),
    ];
  });
}

/** What nobody would write on purpose. */
function written({ ref, oddities }: TrafficRoute): readonly Finding[] {
  return oddities.flatMap(({ code, message }): Finding[] => {
    const pointer =
      code === 'namespace-ignored'
        ? '/metadata/namespace'
        : `/spec/${(message.split(':')[0] ?? '').replaceAll(/\[(\d+)\]/g, '/$1').replaceAll('.', '/')}`;
    const [severity, name, fix] =
      code === 'namespace-ignored'
        ? (['warning', 'traffic-route-namespace', 'take the namespace out, and give the object a name that no other team uses'] as const)
        : (['error', 'traffic-route-values', 'write numbers as numbers and tags as text in quotes'] as const);
    return [finding(severity, name, ref, message, { pointer, fix })];
  });
}

function selectors(context: LintContext, { ref, mesh, sources, destinations }: TrafficRoute): readonly Finding[] {
  const check = (tags: Tags, pointer: string, then: string): readonly Finding[] => {
    const fault = missingService(context, mesh, tags[SERVICE_TAG] ?? '');
    if (fault === undefined) return [];
    return [finding(fault.severity, fault.code, ref, `${fault.text}${then}`, { pointer: pointerTo(pointer, fault.key), fix: fault.fix })];
  };
  return [
    ...sources.flatMap((tags, n) => check(tags, `/spec/sources/${n}/match`, ' and calls from it')),
    ...destinations.flatMap((tags, n) => check(tags, `/spec/destinations/${n}/match`, ' and nobody calls it')),
  ];
}

function splits(context: LintContext, { ref, mesh, http, fallback, object }: TrafficRoute, spec: Raw): readonly Finding[] {
  const conf = record(spec.conf);
  const items = [
    ...http
      .filter(({ index }) => ownerOfItem(object, index) === undefined)
      .map(({ split, pointer, index }) => ({ split, pointer, raw: record(indexed(conf.http)[index]?.[1]) })),
    { split: fallback.split, pointer: '/spec/conf', raw: conf },
  ];
  return items.flatMap(({ split, pointer, raw }) =>
    split.flatMap(({ weight, tags }, n) => {
      const place = record(raw.destination)[SERVICE_TAG] === undefined ? `${pointer}/split/${n}` : pointer;
      const own = `${place}/destination`;
      if (weight === 0) {
        const text = `a destination has weight 0 and gets no requests`;
        return [finding('info', 'weight-zero', ref, text, { pointer: `${place}/weight`, fix: 'take it out, or give it a weight' })];
      }
      const fault = isEveryService(tags) ? undefined : tagsWithoutPods(context, mesh, tags);
      return fault === undefined
        ? []
        : [finding(fault.severity, fault.code, ref, fault.text, { pointer: pointerTo(own, fault.key), fix: fault.fix })];
    }),
  );
}

/** One destination that is not http makes everything connections, and each destination of http[] takes its weight of them. */
function rulesOnTcp(context: LintContext, { ref, http, fallback, destinations }: TrafficRoute): readonly Finding[] {
  if (http.length === 0) return [];
  const tags = [...destinations, ...[...http, fallback].flatMap(({ split }) => split.map((one) => one.tags))].flatMap(
    (one) => one[SERVICE_TAG] ?? [],
  );
  const other = [...new Set(tags)].find((tag) => {
    const port = parseServiceTag(tag)?.port;
    const own = serviceOfTag(context, tag)?.ports.find(({ number }) => number === port);
    return own !== undefined && !isHttp(parseProtocol(own.protocol));
  });
  if (other === undefined) return [];
  const text = `${other} is not http to Kuma, so its conditions mean nothing: everybody's connections are shared among all destinations, those of http too, by their weights`;
  return [
    finding('error', 'http-rules-on-tcp', ref, text, { pointer: '/spec/conf/http', fix: "set appProtocol: http on the Service's port" }),
  ];
}

function conditions({ ref, http, object }: TrafficRoute, regexes: Regexes): readonly Finding[] {
  return http.flatMap(({ index, pointer, match }) => {
    if (ownerOfItem(object, index) !== undefined) return [];
    const of = (what: string, value: unknown, at: string) => conditionOf(ref, what, record(value), at, regexes);
    return [
      ...of('path', match.path, `${pointer}/match/path`),
      ...of('method', match.method, `${pointer}/match/method`),
      ...Object.entries(record(match.headers)).flatMap(([name, value]) =>
        of(`header ${name}`, value, pointerTo(`${pointer}/match/headers`, name)),
      ),
    ];
  });
}

function conditionOf(ref: ObjectRef, of: string, raw: Raw, pointer: string, regexes: Regexes): readonly Finding[] {
  if (typeof raw.regex === 'string')
    return lintCondition({ ref, of, kind: 'regex', value: raw.regex, pointer: `${pointer}/regex` }, regexes);
  if (typeof raw.prefix === 'string')
    return lintCondition({ ref, of, kind: 'rawPrefix', value: raw.prefix, pointer: `${pointer}/prefix` }, regexes);
  return [];
}
