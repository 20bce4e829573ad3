import { labelSelector, type MeshEnvironment, type ObjectQuery, type Observed, type Target } from '@heddle/core';
import { GATEWAY_API, HTTP_ROUTE } from '../names.js';
import { records } from '../raw.js';
import { attachedTo } from './attached.js';
import { backendsOf } from './backends.js';
import { type Subject, subjectsOf } from './subjects.js';
import { findService, readWorld, type Service, type World } from './world.js';

/** Any namespace may hold a route for a Service, so these are read in all of them. */
export const baseQueries: readonly ObjectQuery[] = [
  { group: GATEWAY_API, kind: HTTP_ROUTE },
  { group: GATEWAY_API, kind: 'GRPCRoute' },
  { group: 'networking.istio.io', kind: 'VirtualService' },
  { group: '', kind: 'Service' },
  { group: '', kind: 'Namespace' },
];

/**
 * What to read for a target. Core calls this again with what was seen, until nothing new is asked for: first the routes and all
 * Services, then, from these, the Pods behind every Service that a request can reach, and the policies for a shadow.
 */
export function reads(target: Target, seen: Observed, env: MeshEnvironment): readonly ObjectQuery[] {
  if (seen.size === 0) return baseQueries;
  const world = readWorld(seen, env);
  const subjects = subjectsOf(world, target);
  return [...baseQueries, ...podQueries(world, subjects), ...policyQueries(target, env)];
}

export function podQueries(world: World, subjects: readonly Subject[]): readonly ObjectQuery[] {
  const services = new Set<Service>();
  for (const { service, port } of subjects) {
    services.add(service);
    for (const { routes } of attachedTo(service, port, world.routes)) {
      for (const { rules, namespace } of routes)
        for (const rule of rules) for (const one of reached(rule, namespace, world)) services.add(one);
    }
  }
  return [...services]
    .filter(hasSelector)
    .map(({ namespace, selector }) => ({ group: '', kind: 'Pod', namespace, labelSelector: labelSelector(selector) }));
}

/** Policies that hold for the pods of a Service and would not for its shadow. */
export function policyQueries(target: Target, env: MeshEnvironment): readonly ObjectQuery[] {
  const namespaces = new Set([...target.services.map(({ namespace }) => namespace), env.settings.rootNamespace ?? 'istio-system']);
  return target.services.length === 0
    ? []
    : [...namespaces].map((namespace) => ({ group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace }));
}

function reached(rule: Parameters<typeof backendsOf>[0], namespace: string, world: World): readonly Service[] {
  const mirrors = records(rule.filters)
    .flatMap(({ requestMirror }) => records([requestMirror]))
    .map(({ backendRef }) => backendRef);
  const backends = [...backendsOf(rule, namespace), ...backendsOf({ backendRefs: mirrors }, namespace)];
  return backends.flatMap((backend) => findService(world, backend.namespace, backend.name) ?? []);
}

const hasSelector = ({ selector }: Service) => Object.keys(selector).length > 0;
