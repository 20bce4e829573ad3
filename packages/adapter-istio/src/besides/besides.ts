import { describeRef, groupOf, type KubeObject, type MeshEnvironment, type ObjectRef, type Problem, refOf } from '@heddle/core';
import { type Raw, record, records, texts } from '../decode/raw.js';
import { LEGACY } from '../decode/route-rule/legacy-group.js';
import { NETWORKING } from '../decode/world.js';
import { otherHosts } from './other-hosts.js';
import { routeRuleLosses } from './route-rules.js';

/**
 * What Istio's objects say besides the routing of Services: how connections are made, which hosts callers may reach, gateways, hosts that are
 * no Service, and whatever of Istio's API is no routing.
 */
export function besides(objects: readonly KubeObject[], env: MeshEnvironment): readonly Problem[] {
  return [...objects.flatMap((object) => ofObject(object)), ...otherHosts(objects, env), ...routeRuleLosses(objects, env)];
}

function ofObject(object: KubeObject): readonly Problem[] {
  const ref = refOf(object);
  const group = groupOf(ref.apiVersion);
  const spec = record(object.spec);
  if (group === NETWORKING) return (BY_KIND[ref.kind] ?? notRouting)(ref, spec);
  if (group === LEGACY) return ref.kind === 'RouteRule' ? [] : notRouting(ref);
  return group.endsWith('.istio.io') ? notRouting(ref) : [];
}

const problem = (code: string, ref: ObjectRef, text: string, pointer: string, fix: string): Problem => ({
  ...{ code, ref, pointer, fix },
  message: `${describeRef(ref)}: ${text}`,
});

const notRouting = (ref: ObjectRef): readonly Problem[] => [
  problem('policy', ref, 'it is no routing, and not converted', '/spec', 'write what the other mesh has for it by hand'),
];

const BY_KIND: Readonly<Record<string, (ref: ObjectRef, spec: Raw) => readonly Problem[]>> = {
  VirtualService: () => [],
  DestinationRule: (ref, spec) => [
    ...policy(ref, spec, '/spec', 'its trafficPolicy'),
    ...records(spec.subsets).flatMap((subset, index) =>
      policy(ref, subset, `/spec/subsets/${index}`, `the trafficPolicy of subset ${subset.name}`),
    ),
  ],
  Gateway: (ref) => [
    problem('view.gateway', ref, 'gateways are not converted', '/spec/servers', 'write a gateway of the other mesh and its routes by hand'),
  ],
  Sidecar: (ref) => [
    problem(
      'outbound',
      ref,
      'which Services and hosts its callers may reach is not converted',
      '/spec',
      'say it in policies of the other mesh',
    ),
  ],
  ServiceEntry: (ref, spec) => [
    problem(
      'service-entry',
      ref,
      `${texts(spec.hosts).join(', ')} would not be known to the other mesh`,
      '/spec/hosts',
      'make it known to the other mesh by its own objects',
    ),
  ],
};

function policy(ref: ObjectRef, at: Raw, pointer: string, what: string): readonly Problem[] {
  const settings = Object.keys(record(at.trafficPolicy));
  if (settings.length === 0) return [];
  const fix = 'write policies of the other mesh for load balancing, connection limits and TLS by hand';
  return [
    problem('traffic-policy', ref, `${what} (${settings.join(', ')}) is no routing, and not converted`, `${pointer}/trafficPolicy`, fix),
  ];
}
