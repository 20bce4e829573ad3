import { describeRef, type Findings, type MeshEnvironment } from '@heddle/core';
import { isBefore } from '../../capabilities/version.js';
import { hostsMatch } from '../hosts.js';
import { record, records, texts } from '../raw.js';
import type { Subjects } from '../subjects.js';
import type { Config, World } from '../world-types.js';
import { convertRoute } from './convert-rule.js';
import { serviceParents } from './mesh-routes.js';
import { backendReference, isGateway, isService, isServiceEntry, parentReference, type Reference } from './references.js';

interface Context {
  readonly world: World;
  readonly subjects: Subjects;
  readonly found: Findings;
}

/** What is to be said of routes of the Gateway API that concern a service or host in question. */
export function reportRoutes(world: World, subjects: Subjects, env: MeshEnvironment, found: Findings): void {
  const context: Context = { world, subjects, found };
  for (const route of world.routes) {
    reportAttached(route, context);
    reportElsewhere(route, context);
  }
  for (const { routes = [] } of subjects.relevant) reportMixed(routes, env, found);
}

/** Routes on the mesh: those that istiod drops whole, and those that lead out of what is read. */
function reportAttached(route: Config, { world, subjects, found }: Context): void {
  if (!serviceParents(route).some((parent) => isSubject(parent, subjects))) return;
  const converted = convertRoute(route, world);
  const named = describeRef(route.ref);
  if ('unusable' in converted) found.problem('route-unusable', `${named} has no effect: ${converted.unusable}`, route.ref);
  for (const { group, kind, name } of backendsOf(route)) {
    if (group !== 'networking.istio.io' || kind !== 'Hostname' || world.serviceByHost.has(name)) continue;
    found.gap('ServiceEntry', `${named} sends requests to ${name}, and ServiceEntries are not read`, route.ref);
  }
}

/** Routes on what is not read: gateways of the Gateway API and ServiceEntries. */
function reportElsewhere(route: Config, { subjects, found }: Context): void {
  const parents = records(record(route.object.spec).parentRefs).map((raw) => parentReference(raw, route.namespace));
  const unread = parents.filter((parent) => isGateway(parent) || isServiceEntry(parent));
  if (unread.length === 0) return;
  const hostnames = texts(record(route.object.spec).hostnames).map((host) => host.toLowerCase());
  const served = subjects.written.find((name) => hostnames.some((host) => hostsMatch(host, name)));
  const target = backendsOf(route).find((backend) => isSubject(backend, subjects));
  if (target === undefined && served === undefined) return;
  const does = target === undefined ? `is for ${served}` : `sends requests to ${target.namespace}/${target.name}`;
  const where = [...new Set(unread.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`))].join(' and ');
  found.gap(route.ref.kind, `${describeRef(route.ref)} ${does} and is attached to ${where}: what it does there is not read`, route.ref);
}

/** Before Istio 1.31, HTTPRoutes and GRPCRoutes of one Service did not become one list of rules. */
function reportMixed(routes: readonly Config[], env: MeshEnvironment, found: Findings): void {
  const [http, grpc] = ['HTTPRoute', 'GRPCRoute'].map((kind) => routes.find(({ ref }) => ref.kind === kind));
  if (http === undefined || grpc === undefined || !isBefore(31, env)) return;
  const both = `${describeRef(grpc.ref)} and ${describeRef(http.ref)}`;
  found.gap('GRPCRoute', `${both} are attached to one Service: which of them counts before Istio 1.31 is not known`, grpc.ref);
}

const isSubject = (reference: Reference, { services }: Subjects): boolean =>
  isService(reference) && [...services.keys()].some(({ namespace, name }) => namespace === reference.namespace && name === reference.name);

/** All that a route sends requests or copies to. */
function backendsOf({ object, namespace }: Config): readonly Reference[] {
  return records(record(object.spec).rules)
    .flatMap((rule) => [
      ...records(rule.backendRefs),
      ...records(rule.filters).map((filter) => record(record(filter.requestMirror).backendRef)),
    ])
    .map((raw) => backendReference(raw, namespace));
}
