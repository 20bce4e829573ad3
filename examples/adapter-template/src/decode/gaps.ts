import { type Gap, metaOf, type Observed, objectsOf, serviceAddresses, unreadGaps } from '@heddle/core';
import { GATEWAY_API } from '../names.js';
import { record, records, text, texts } from '../raw.js';
import { attachedTo } from './attached.js';
import { baseQueries, podQueries } from './reads.js';
import type { Subject } from './subjects.js';
import type { World } from './world.js';

/**
 * What decides requests besides what is read here. Never leave such a thing out: an answer or a plan for a service with a gap is
 * refused, naming it, and without the gap it would be wrong.
 */
export function gapsOf(world: World, subjects: readonly Subject[], seen: Observed): readonly Gap[] {
  const unread = unreadGaps([...baseQueries, ...podQueries(world, subjects)], seen);
  return unique([...unread, ...subjects.flatMap((subject) => serviceGaps(subject, world, seen))]);
}

function serviceGaps({ service, port }: Subject, world: World, seen: Observed): readonly Gap[] {
  const { namespace, name, ref, labels, selector } = service;
  const at = `${namespace}/${name}:${port}`;
  const gap = (feature: string, message: string): Gap => ({ feature, message, ref });
  const home = objectsOf(seen, '', 'Namespace').find((object) => metaOf(object).name === namespace);
  const waypoint = labels[WAYPOINT] ?? metaOf(home).labels[WAYPOINT];
  const attached = attachedTo(service, port, world.routes);
  return [
    ...(service.ports.some((one) => one.number === port && one.http)
      ? []
      : [gap('tcp', `${at} is no HTTP port, and TCP routes are not read`)]),
    ...(Object.keys(selector).length > 0 ? [] : [gap('no-selector', `${at} has no selector: which pods are behind it is not read`)]),
    ...(waypoint === undefined || waypoint === 'none'
      ? []
      : [gap('waypoint', `${at} has the waypoint ${waypoint}: what it does is not read`)]),
    ...objectsOf(seen, GATEWAY_API, 'GRPCRoute')
      .filter((object) => records(record(object.spec).parentRefs).some((parent) => isParent(parent, object, service, port)))
      .map((object) => gap('GRPCRoute', `GRPCRoute ${nameOf(object)} is attached to ${at}, and its rules are not read`)),
    // An HTTPRoute for the Service takes the place of every VirtualService for it (Istio 1.31, recorded).
    ...objectsOf(seen, 'networking.istio.io', 'VirtualService')
      .filter((object) => attached.every(({ namespace: kept }) => kept !== namespace) && names(object, service))
      .map((object) => gap('VirtualService', `VirtualService ${nameOf(object)} decides for ${at}, and is not read`)),
  ];
}

const WAYPOINT = 'istio.io/use-waypoint';

function isParent(parent: Readonly<Record<string, unknown>>, object: unknown, service: Subject['service'], port: number): boolean {
  const namespace = text(parent.namespace) || metaOf(object).namespace;
  const sameService = parent.kind === 'Service' && parent.name === service.name && namespace === service.namespace;
  return sameService && (parent.port === undefined || parent.port === port);
}

/** Whether a VirtualService has the Service as one of its hosts, for callers in the mesh; a bare name means its own namespace. */
function names(object: Readonly<Record<string, unknown>>, service: Subject['service']): boolean {
  const spec = record(object.spec);
  const gateways = texts(spec.gateways);
  if (gateways.length > 0 && !gateways.includes('mesh')) return false;
  const known = serviceAddresses(service);
  return texts(spec.hosts).some((host) => {
    if (host.startsWith('*')) return known.some((one) => one.endsWith(host.slice(1)));
    return known.includes(host.includes('.') ? host : `${host}.${metaOf(object).namespace}`);
  });
}

const nameOf = (object: unknown) => `${metaOf(object).namespace}/${metaOf(object).name}`;

const unique = (gaps: readonly Gap[]): readonly Gap[] => [...new Map(gaps.map((gap) => [gap.feature + gap.message, gap])).values()];
