import { describeRef, groupOf, type KubeObject, type ObjectRef, type Problem, refOf } from '@heddle/core';
import { indexed, type Raw, record } from '../decode/raw.js';
import { KUMA_GROUP } from '../environment/kinds.js';
import { ofMeshes } from './meshes.js';

/**
 * What Kuma's objects say besides the routing of Services: how connections are made and who may make them, gateways, what lies outside the
 * cluster, settings of the Mesh, and whose requests each of several Meshes has.
 */
export function besides(objects: readonly KubeObject[]): readonly Problem[] {
  const each = objects.flatMap((object) => {
    const ref = refOf(object);
    if (groupOf(ref.apiVersion) !== KUMA_GROUP) return [];
    return (BY_KIND[ref.kind] ?? notRouting)(ref, record(object.spec));
  });
  return [...each, ...ofMeshes(objects)];
}

type OfObject = (ref: ObjectRef, spec: Raw) => readonly Problem[];

const problem = (code: string, ref: ObjectRef, text: string, pointer: string, fix: string): Problem => ({
  ...{ code, ref, pointer, fix },
  message: `${describeRef(ref)}: ${text}`,
});

const notRouting: OfObject = (ref) => [
  problem('policy', ref, 'it is no routing, and not converted', '/spec', 'write what the other mesh has for it by hand'),
];

const nothing: OfObject = () => [];

const gateway: OfObject = (ref) => [
  problem('view.gateway', ref, 'gateways are not converted', '/spec', 'write a gateway of the other mesh and its routes by hand'),
];

const outside: OfObject = (ref) => [
  problem('service-entry', ref, 'the other mesh would not know it', '/spec', 'make it known to the other mesh by its own objects'),
];

/** Routes that a gateway's listeners have. */
const ofGateways: OfObject = (ref, spec) => (record(spec.targetRef).kind === 'MeshGateway' ? gateway(ref, spec) : []);

/** Timeouts and retries of single routes are theirs, and those of anything else are policies. */
const limits: OfObject = (ref, spec) => {
  const targets = [record(spec.targetRef), ...indexed(spec.to).map(([, item]) => record(item.targetRef))];
  return targets.some(({ kind }) => kind === 'MeshHTTPRoute') ? [] : notRouting(ref, spec);
};

/** Of the settings of a Mesh, those that are more than what other meshes do anyway. */
const mesh: OfObject = (ref, spec) => [
  ...(record(record(spec.networking).outbound).passthrough === false
    ? [
        problem(
          'outbound',
          ref,
          'that callers reach nothing outside the mesh is not converted',
          '/spec/networking/outbound/passthrough',
          'forbid it in the other mesh by its own settings',
        ),
      ]
    : []),
  ...['mtls', 'tracing', 'logging', 'metrics'].flatMap((key) =>
    spec[key] === undefined
      ? []
      : [problem('policy', ref, `its ${key} are no routing, and not converted`, `/spec/${key}`, 'set up the other mesh accordingly')],
  ),
];

const trafficRoute: OfObject = (ref, spec) => {
  const conf = record(spec.conf);
  const places = [['/spec/conf', conf] as const, ...indexed(conf.http).map(([index, item]) => [`/spec/conf/http/${index}`, item] as const)];
  return places.flatMap(([pointer, item]) =>
    item.loadBalancer === undefined
      ? []
      : [
          problem(
            'traffic-policy',
            ref,
            'its load balancing is no routing, and not converted',
            `${pointer}/loadBalancer`,
            'write a policy of the other mesh for load balancing by hand',
          ),
        ],
  );
};

const BY_KIND: Readonly<Record<string, OfObject>> = {
  Mesh: mesh,
  TrafficRoute: trafficRoute,
  MeshHTTPRoute: ofGateways,
  MeshTCPRoute: ofGateways,
  MeshService: nothing,
  MeshMultiZoneService: outside,
  MeshExternalService: outside,
  ExternalService: outside,
  MeshGateway: gateway,
  MeshGatewayRoute: gateway,
  MeshGatewayInstance: gateway,
  MeshTimeout: limits,
  MeshRetry: limits,
  // What the control plane makes itself.
  Dataplane: nothing,
  DataplaneInsight: nothing,
  MeshInsight: nothing,
  ServiceInsight: nothing,
  Zone: nothing,
  ZoneInsight: nothing,
  ZoneIngress: nothing,
  ZoneEgress: nothing,
  HostnameGenerator: nothing,
};
