import type { Destination, KubeObject, Labels } from '@heddle/core';
import { indexed, record, records, text } from '../decode/raw.js';
import { MESH_LABEL } from '../decode/tags.js';
import type { Service } from '../decode/world-types.js';
import { locksMesh, lockWarning } from '../encode/mirror-lock.js';
import { parseServiceTag } from '../owned/ownership.js';
import type { Backend, DestinationContext } from './destinations.js';
import { backendOf } from './destinations.js';
import type { MirrorTo } from './entry.js';
import { type Lose, lost } from './losses.js';
import type { Surroundings } from './surroundings.js';

/** Where copies go, if the mesh can send any. */
export function mirrorTo(destination: Destination, percent: number, context: DestinationContext, lose: Lose): readonly MirrorTo[] {
  const { around, routed } = context;
  const service = around.service(destination.host);
  // Nothing is mirrored to what is not there.
  if (service === undefined || destination.endpoints === 'no-cluster') return [];
  if (around.routesBy === 'TrafficRoute') {
    lose(lost('mirror', 'The mirror is left out: a TrafficRoute has none', 'route the mesh by MeshHTTPRoutes'));
    return [];
  }
  const port = destination.port ?? routed.port;
  if (!around.isServed(service, port)) {
    const name = `${service.namespace}/${service.name}`;
    // With such a mirror the proxy takes no configuration at all (seen with 2.14.3).
    lose(lost('mirror', `The mirror to Service ${name} is left out: none of its Pods is ready`, 'render again when a Pod is ready'));
    return [];
  }
  return [{ backend: asVersion(service, port, context) ?? backendOf({ ...destination, weight: 1 }, context, lose), percent }];
}

/**
 * A Service of one version by the tags that tell that version, where a mirror may lock the mesh: then all Pods of the Service that is routed
 * have to be gone for that, and not just those of the version.
 */
function asVersion(service: Service, port: number, { around, routed, versions }: DestinationContext): Backend | undefined {
  const { service: base } = routed;
  const labels = labelsBeyond(service, base);
  const targetOf = (one: Service, number: number) => one.ports.find((own) => own.number === number)?.target;
  const target = targetOf(base, routed.port);
  if (!locksMesh(around.env) || labels === undefined || target === undefined || target !== targetOf(service, port)) return undefined;
  const version = versions.of(base, labels, undefined);
  const { namespace, name } = base;
  return 'tags' in version ? { service: { namespace, name }, port: routed.port, weight: 1, ...version } : undefined;
}

/** The labels by which a Service selects some of another one's Pods; `undefined`: it does not, or all of them. */
function labelsBeyond({ namespace, selector }: Service, base: Service): Labels | undefined {
  const more = Object.entries(selector).filter(([key]) => !(key in base.selector));
  const isWithin = Object.entries(base.selector).every(([key, value]) => selector[key] === value);
  const isSome = namespace === base.namespace && isWithin && more.length > 0 && Object.keys(base.selector).length > 0;
  return isSome ? Object.fromEntries(more) : undefined;
}

/** What to know of the mirrors that were written. */
export function mirrorNotes(routes: readonly KubeObject[], { env }: Surroundings): readonly string[] {
  const mirrors = routes.flatMap((route) => mirroredBy(route).map((tag) => ({ tag, mesh: meshOf(route) })));
  if (mirrors.length === 0) return [];
  const shadow = 'Copies arrive with a Host header whose name ends in -shadow.';
  if (!locksMesh(env)) return [shadow];
  const services = mirrors.flatMap(({ tag, mesh }) => {
    const service = parseServiceTag(tag);
    return service === undefined ? [] : [`${lockWarning(service, mesh, env)}.`];
  });
  return [shadow, ...new Set(services)];
}

const meshOf = ({ metadata }: KubeObject): string => text(record(record(metadata).labels)[MESH_LABEL]) || 'default';

/** The values of `kuma.io/service` that a route's mirrors name; nothing where they name labels. */
function mirroredBy(route: KubeObject): readonly string[] {
  return indexed(record(route.spec).to)
    .flatMap(([, to]) => records(to.rules))
    .flatMap((rule) => records(record(rule.default).filters))
    .flatMap(({ requestMirror }) => (requestMirror === undefined ? [] : [text(record(record(requestMirror).backendRef).name)]));
}
