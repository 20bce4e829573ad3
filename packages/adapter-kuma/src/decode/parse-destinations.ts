import { labelsIn } from '@heddle/core';
import { indexed, maybeRecord, maybeText, number, type Raw, record, records, text } from './raw.js';
import { MESH_LABEL, NAMESPACE_TAG, ZONE_TAG } from './tags.js';
import type { Config, DestinationKind, DestinationPort, MeshDestination, MeshServicesMode, Service } from './world-types.js';

const MODES: readonly MeshServicesMode[] = ['Disabled', 'Everywhere', 'ReachableBackends', 'Exclusive'];

/** `Mesh.spec.meshServices.mode`: absent is Disabled up to 2.x; from 3.0 there is nothing else than Exclusive. */
export function modeIn(mesh: Raw, major: number): MeshServicesMode {
  if (major >= 3) return 'Exclusive';
  const mode = record(record(mesh.spec).meshServices).mode;
  return MODES.find((one) => one === mode) ?? 'Disabled';
}

/** Reads a MeshService, MeshExternalService or MeshMultiZoneService (kuma `pkg/core/resources/apis/mesh*service/api/v1alpha1`, 2.14). */
export function parseDestination(
  config: Config,
  displayName: string,
  kind: DestinationKind,
  service: Service | undefined,
): MeshDestination {
  const spec = record(config.object.spec);
  const status = record(config.object.status);
  const single = record(spec.match);
  return {
    ...config,
    labels: { 'kuma.io/display-name': displayName, [NAMESPACE_TAG]: config.namespace, ...config.labels },
    kind,
    displayName,
    zone: config.labels[ZONE_TAG],
    ports: kind === 'MeshExternalService' ? portIn(single, 'protocol') : records(spec.ports).flatMap((port) => portIn(port, 'appProtocol')),
    selector: selectorIn(record(spec.selector)),
    service,
    hostnames: [
      ...indexed(status.addresses).map(([, address]) => text(address.hostname)),
      ...indexed(status.vips).map(([, vip]) => text(vip.ip)),
      text(record(status.vip).ip),
    ].filter((name) => name !== ''),
    derived: false,
  };
}

function portIn(raw: Raw, protocolKey: 'protocol' | 'appProtocol'): readonly DestinationPort[] {
  const port = number(raw.port);
  if (port === undefined) return [];
  return [{ name: maybeText(raw.name) ?? String(port), number: port, protocol: maybeText(raw[protocolKey]) ?? 'tcp' }];
}

function selectorIn(raw: Raw): MeshDestination['selector'] {
  const labels = maybeRecord(raw.dataplaneLabels) ?? maybeRecord(raw.meshService);
  const name = maybeText(record(raw.dataplaneRef).name);
  return {
    ...(maybeRecord(raw.dataplaneTags) === undefined ? {} : { tags: labelsIn(raw.dataplaneTags) }),
    ...(labels === undefined ? {} : { labels: labelsIn(labels.matchLabels) }),
    ...(name === undefined ? {} : { dataplane: name }),
  };
}

/** The MeshService that Kuma's controller makes of a Service (kuma `k8s/controllers/meshservice_controller.go`, 2.14). */
export function derivedMeshService(service: Service, zone: string): MeshDestination {
  return {
    ...service,
    ref: { ...service.ref, apiVersion: 'kuma.io/v1alpha1', kind: 'MeshService' },
    labels: {
      ...service.labels,
      [MESH_LABEL]: service.mesh,
      [NAMESPACE_TAG]: service.namespace,
      'kuma.io/display-name': service.name,
      'k8s.kuma.io/service-name': service.name,
      'k8s.kuma.io/is-headless-service': String(service.shape === 'headless'),
      'kuma.io/managed-by': 'k8s-controller',
      'kuma.io/env': 'kubernetes',
      'kuma.io/origin': 'zone',
      [ZONE_TAG]: zone,
    },
    kind: 'MeshService',
    displayName: service.name,
    zone,
    ports: service.ports
      .filter(({ transport }) => transport === 'TCP')
      .map(({ name, number: port, appProtocol }) => ({ name: name || String(port), number: port, protocol: appProtocol ?? 'tcp' })),
    selector: { tags: { ...service.selector, [NAMESPACE_TAG]: service.namespace } },
    service,
    hostnames: service.addresses,
    derived: true,
  };
}
