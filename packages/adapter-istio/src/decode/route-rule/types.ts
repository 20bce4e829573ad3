import type { Labels } from '@heddle/core';
import type { Config, HttpRule } from '../world-types.js';

export const LEGACY = 'config.istio.io';

/** A RouteRule of `config.istio.io/v1alpha2`: what becomes of some requests for one destination. */
export interface RouteRule extends Config {
  /** The destination's FQDN. */
  readonly host: string;
  /** The higher comes first. */
  readonly precedence: number;
  /** Whose requests: those of pods behind this Service that carry the labels. Absent: everybody's. */
  readonly source: { readonly host: string; readonly labels: Labels } | undefined;
  /** As a VirtualService would say it, but for the source. */
  readonly http: HttpRule;
  /** Fields that no Istio acted on, or that are not read. */
  readonly unread: readonly string[];
  readonly uriHeader: boolean;
}

/** A RouteRule, and why it has no say if it has none. */
export interface JudgedRouteRule {
  readonly rule: RouteRule;
  /** `version`: the mesh is too new. An object: it shows that the host's requests are routed by today's objects. */
  readonly ignored?: 'version' | Config;
}
