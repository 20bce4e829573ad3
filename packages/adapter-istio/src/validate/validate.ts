import {
  type FieldFault,
  fieldFault,
  groupOf,
  invalidObject,
  isRecord,
  type MeshEnvironment,
  metaOf,
  type Problem,
  refOf,
} from '@heddle/core';
import { GATEWAY_API } from '../decode/gateway-api/references.js';
import { NETWORKING } from '../decode/world.js';
import { destinationRuleFaults } from './rules/destination-rule.js';
import { gatewayFaults } from './rules/gateway.js';
import { grpcRouteFaults } from './rules/grpc-route.js';
import { httpRouteFaults } from './rules/http-route.js';
import type { About, Report } from './rules/report.js';
import { serviceEntryFaults } from './rules/service-entry.js';
import { sidecarFaults } from './rules/sidecar.js';
import { virtualServiceFaults } from './rules/virtual-service.js';
import { destinationRule } from './schema/destination-rule.js';
import { gateway } from './schema/gateway.js';
import { grpcRoute } from './schema/grpc-route.js';
import { httpRoute } from './schema/http-route.js';
import type { Schema } from './schema/schema.js';
import { serviceEntry } from './schema/service-entry.js';
import { sidecar } from './schema/sidecar.js';
import { stored } from './schema/stored.js';
import { virtualService } from './schema/virtual-service.js';

type SpecFaults = (spec: unknown, about: About) => readonly FieldFault[];

/** The schema first: only what it takes is looked at by the rules. */
const kind =
  <T>(schema: Schema<T>, rules: (spec: T, about: About, report: Report) => void): SpecFaults =>
  (spec, about) => {
    if (spec === undefined || spec === null) return [{ pointer: '/spec', because: 'there must be one' }];
    const faults: FieldFault[] = [];
    const kept = stored(spec, schema, '/spec', faults);
    if (faults.length > 0) return faults;
    rules(kept, about, (pointer, because) => {
      if (because !== undefined) faults.push(fieldFault(pointer, because));
    });
    return faults;
  };

const grpcRouteSpec = kind(grpcRoute, (spec, _about, report) => grpcRouteFaults(spec, report));

const KINDS: Readonly<Record<string, SpecFaults>> = {
  [`${NETWORKING} VirtualService`]: kind(virtualService, virtualServiceFaults),
  [`${NETWORKING} DestinationRule`]: kind(destinationRule, destinationRuleFaults),
  [`${NETWORKING} Gateway`]: kind(gateway, gatewayFaults),
  [`${NETWORKING} Sidecar`]: kind(sidecar, (spec, _about, report) => sidecarFaults(spec, report)),
  [`${NETWORKING} ServiceEntry`]: kind(serviceEntry, serviceEntryFaults),
  // The only kind here that may be without a spec.
  [`${GATEWAY_API} GRPCRoute`]: (spec, about) => grpcRouteSpec(spec ?? {}, about),
  [`${GATEWAY_API} HTTPRoute`]: kind(httpRoute, (spec, _about, report) => httpRouteFaults(spec, report)),
};

/** Annotations that istiod keeps for itself, or that these kinds do not have (istio/istio `pkg/config/validation`, validateMetadata, 1.31). */
const ANNOTATIONS = [
  'istio.io/dry-run',
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parent-namespace',
  'internal.istio.io/parents',
];

/** What the CRD or istiod's webhook would refuse of an object; empty for other kinds, and for those of `config.istio.io`. */
export function validate(object: unknown, env: MeshEnvironment): readonly Problem[] {
  if (!isRecord(object)) return [];
  const ref = refOf(object);
  const group = groupOf(ref.apiVersion);
  const specFaults = KINDS[`${group} ${ref.kind}`];
  if (specFaults === undefined) return [];
  const { namespace = 'default', name, labels, annotations } = metaOf(object);
  const own = group === NETWORKING ? ANNOTATIONS.filter((key) => key in annotations) : [];
  return invalidObject(ref, [
    ...own.map((key) => ({ pointer: '/metadata/annotations', because: `must not hold ${key}` })),
    ...specFaults(object.spec, { namespace, name, labels, minor: minorOf(env.version) }),
  ]);
}

/** An unknown version counts as a current one. */
function minorOf(version: string | undefined): number {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return major === '1' && minor !== undefined ? Number(minor) : Number.POSITIVE_INFINITY;
}
