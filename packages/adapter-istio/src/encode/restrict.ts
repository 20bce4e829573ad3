import { type Refusal, refuse } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { filtersCallers, gatewayFilter, portFilter } from './filters.js';
import { MESH_GATEWAY } from './virtual-service.js';

/** Compile-time filters that a rule of ours needs beyond those of the rule that it copies. */
export interface Restriction {
  readonly port?: number;
  readonly plane?: 'mesh' | 'gateway';
}

/** Whether a request can be within both. */
export function overlap(a: Restriction, b: Restriction): boolean {
  const meet = <T>(one: T | undefined, other: T | undefined) => one === undefined || other === undefined || one === other;
  return meet(a.port, b.port) && meet(a.plane, b.plane);
}

export type Restricted = { readonly match: Raw } | 'never' | { readonly refused: readonly Refusal[] };

/** `gateways`: what the object is bound to, as written. */
export function restrict(match: Raw, to: Restriction, gateways: readonly string[], where: string): Restricted {
  let result = match;
  if (to.port !== undefined) {
    const own = portFilter(match);
    if (own !== undefined && own !== to.port) return 'never';
    result = { ...result, port: to.port };
  }
  if (to.plane === undefined) return { match: result };
  const inPlane = (gateway: string) => (gateway === MESH_GATEWAY) === (to.plane === 'mesh');
  const own = gatewayFilter(match);
  if (own.length > 0) {
    const kept = own.filter(inPlane);
    return kept.length === 0 ? 'never' : { match: { ...result, gateways: kept } };
  }
  // With `gateways`, Istio stops looking at the caller (istio/istio `route.go`, sourceMatchHTTP).
  if (filtersCallers(match)) {
    return refuse(
      'source-and-gateways',
      `${where} is for some callers only, and so cannot be copied for the mesh or the gateways alone`,
      'bind its VirtualService to the mesh or to gateways alone',
    );
  }
  return { match: { ...result, gateways: gateways.filter(inPlane) } };
}
