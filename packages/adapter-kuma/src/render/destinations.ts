import { canonicalJson, type Destination, type Labels } from '@heddle/core';
import type { Plane } from '../decode/backends.js';
import { commonProtocol, isHttp, UNKNOWN } from '../decode/protocols.js';
import type { Service } from '../decode/world-types.js';
import type { Lose, Lost } from './losses.js';
import { lost } from './losses.js';
import type { Surroundings } from './surroundings.js';
import type { Versions } from './versions.js';

/** A share of requests for a port of a Service, or for those of its Pods that carry tags. */
export interface Backend {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly port: number;
  readonly tags?: Labels;
  readonly weight: number;
}

/** The port of a Service that a table is for. */
export interface Routed {
  readonly service: Service;
  readonly port: number;
}

export interface DestinationContext {
  readonly around: Surroundings;
  readonly versions: Versions;
  readonly routed: Routed;
  /** What is routed: requests, unless it says connections. */
  readonly plane?: Plane;
}

/** Where the shares go; 0 is left out, and what means the same is one. */
export function backendsOf(to: readonly Destination[], context: DestinationContext, lose: Lose): readonly Backend[] {
  const counted = to.length === 1 ? to.map((one) => ({ ...one, weight: 1 })) : to.filter(({ weight }) => weight > 0);
  if (counted.length === 0) return [nobody(context)];
  const found = new Map<string, Backend>();
  for (const one of counted) {
    const backend = backendOf(one, context, lose);
    const key = canonicalJson({ ...backend, weight: 0 });
    const known = found.get(key);
    found.set(key, known === undefined ? backend : { ...known, weight: known.weight + backend.weight });
  }
  return wholeWeights([...found.values()]);
}

export function backendOf(destination: Destination, context: DestinationContext, lose: Lose): Backend {
  const { around, versions, routed, plane } = context;
  const { host, port = routed.port, weight, labels = {}, endpoints, missingStatus } = destination;
  const service = around.service(host);
  if (service === undefined || endpoints === 'no-cluster' || !service.ports.some(({ number }) => number === port)) {
    if (missingStatus === 500)
      lose(
        lost('missing-status', `Requests for ${host}, which is not there, are answered 503 and no longer 500`, 'correct the destination'),
      );
    return { ...nobody(context), weight };
  }
  if (!around.isServed(service, port, plane)) {
    const name = `${service.namespace}/${service.name}`;
    lose(notServed(name, around.routesBy === 'TrafficRoute'));
    if (around.routesBy === 'TrafficRoute') return { ...nobody(context), weight };
  }
  if (around.routesBy === 'TrafficRoute' && plane !== 'tcp' && !shareHttp(routed, { service, port })) {
    lose(otherProtocol(`${service.namespace}/${service.name}`));
    return { ...nobody(context), weight };
  }
  const place = { service: { namespace: service.namespace, name: service.name }, port, weight };
  if (Object.keys(labels).length === 0) return place;
  return { ...place, ...versions.of(service, labels, destination.version ?? destination.subset) };
}

/** A listener of a TrafficRoute speaks what all its destinations have in common (kuma `outbound_proxy_generator.go`, 2.14). */
function shareHttp(a: Routed, b: Routed): boolean {
  const [x, y] = [a, b].map(({ service, port }) => service.ports.find(({ number }) => number === port)?.protocol ?? UNKNOWN);
  return isHttp(commonProtocol(x ?? UNKNOWN, y ?? UNKNOWN));
}

const otherProtocol = (name: string): Lost =>
  lost(
    'protocol',
    `Requests for Service ${name} are answered 503: it speaks another protocol, and all destinations of a TrafficRoute must have one in common`,
    'let both Services say the same appProtocol',
  );

function notServed(name: string, isLeftOut: boolean): Lost {
  const becomes = isLeftOut ? 'so a version without Pods is written in its place, which answers 503' : 'and sends its requests elsewhere';
  return lost(
    'no-ready-pod',
    `Kuma takes Service ${name} for no HTTP service while none of its Pods is ready, ${becomes}`,
    'render again when a Pod is ready',
  );
}

/**
 * A version that no Pod is in: requests are answered 503, as those for a destination that is not there. Of the Service itself, unless that
 * has no ready Pod: Kuma would not take it for an HTTP service.
 */
export function nobody({ routed, around, versions, plane }: DestinationContext): Backend {
  const { service, port } = around.isServed(routed.service, routed.port, plane) ? routed : (around.anyServed(routed.service) ?? routed);
  let value = 'none';
  while (around.isCarried(service, 'version', value)) value = `no-${value}`;
  const { namespace, name } = service;
  return { service: { namespace, name }, port, weight: 1, ...versions.of(service, { version: value }, value) };
}

/** Weights are whole numbers. */
function wholeWeights(backends: readonly Backend[]): readonly Backend[] {
  const [first] = backends;
  if (first !== undefined && backends.length === 1) return [{ ...first, weight: 1 }];
  let scale = 1;
  while (scale < 1_000_000 && backends.some(({ weight }) => Math.abs(weight * scale - Math.round(weight * scale)) > 1e-9)) scale *= 10;
  return backends.map((one) => ({ ...one, weight: Math.round(one.weight * scale) }));
}

/** Whether backends are just the port of a Service itself. */
export const isAllOf = (to: readonly Backend[], { service, port }: Routed): boolean =>
  to.length === 1 &&
  to.every(
    (one) =>
      one.tags === undefined && one.port === port && one.service.name === service.name && one.service.namespace === service.namespace,
  );
