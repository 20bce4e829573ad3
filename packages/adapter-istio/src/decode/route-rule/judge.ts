import type { MeshEnvironment } from '@heddle/core';
import { isBefore } from '../../capabilities/version.js';
import { hostsMatch } from '../hosts.js';
import type { Config, DestinationRule, JudgedRouteRule, RouteRule, VirtualService } from '../world-types.js';

/** What is there beside the RouteRules. */
export interface Beside {
  readonly virtualServices: readonly VirtualService[];
  readonly destinationRules: readonly DestinationRule[];
  readonly fromCluster: boolean;
}

/**
 * Which RouteRules have a say. Istio honoured them from 0.2 to 0.8 (removed for 1.0: istio/api dd1d174). Where files do not say how old
 * the mesh is, a host that a VirtualService or DestinationRule is about is one of today's. A VirtualService always counts before them.
 */
export function judgeRouteRules(rules: readonly RouteRule[], env: MeshEnvironment, beside: Beside): readonly JudgedRouteRule[] {
  const age = ageOf(env, beside.fromCluster);
  return rules.map((rule) => {
    if (age === 'new') return { rule, ignored: 'version' };
    const about = ({ hosts }: VirtualService) => hosts.some((host) => hostsMatch(host.toLowerCase(), rule.host));
    const claims = beside.virtualServices.find((one) => one.gateways.includes('mesh') && about(one));
    const modern = beside.virtualServices.find(about) ?? beside.destinationRules.find(({ host }) => hostsMatch(host, rule.host));
    const ignored = claims ?? (age === 'unknown' ? modern : undefined);
    return ignored === undefined ? { rule } : { rule, ignored };
  });
}

/** A mesh with RouteRules and without VirtualServices is old. Of a cluster's, an unknown version counts as a current one. */
function ageOf(env: MeshEnvironment, fromCluster: boolean): 'old' | 'new' | 'unknown' {
  if (isBefore(0, env)) return 'old';
  if (/^v?\d+\.\d+/.test(env.version ?? '')) return 'new';
  if (env.served.RouteRule !== undefined && env.served.VirtualService === undefined) return 'old';
  return fromCluster ? 'new' : 'unknown';
}

/** In the order in which one destination's rules are tried (istio 0.5.0 `pilot/pkg/model/config.go`, `SortRouteRules`). */
export function inOrder(rules: readonly RouteRule[]): readonly RouteRule[] {
  const key = ({ namespace, name }: Config) => `${namespace}/${name}`;
  return rules.toSorted((a, b) => b.precedence - a.precedence || (key(a) < key(b) ? -1 : 1));
}
