import { type KubeObject, labelsIn, metaOf } from '@heddle/core';
import { portProtocol } from './port-protocol.js';
import { number, type Raw, record, records, text, texts } from './raw.js';
import type { Config, Pod, Service, ServicePort, Visibility } from './world-types.js';

export function parseService(config: Config, domain: string, defaultVisible: Visibility): Service {
  const spec = record(config.object.spec);
  const selector = labelsIn(spec.selector);
  return {
    ...config,
    host: `${config.name}.${config.namespace}.svc.${domain}`,
    ports: records(spec.ports).flatMap(parsePort),
    addresses: addressesOf(spec),
    selector,
    visible: serviceVisibility(config.object, defaultVisible),
    shape:
      text(spec.type) === 'ExternalName'
        ? 'externalName'
        : spec.clusterIP === 'None'
          ? 'headless'
          : Object.keys(selector).length === 0
            ? 'selectorless'
            : 'clusterIP',
  };
}

/** The cluster IPs of a Service's spec. */
export const addressesOf = (spec: Raw): readonly string[] =>
  [...new Set([text(spec.clusterIP), ...texts(spec.clusterIPs)])].filter((ip) => ip !== '' && ip !== 'None');

/** Who can see a Service: its annotation says so (istio/api, annotation/annotations.yaml), else the mesh's default. */
export function serviceVisibility(service: KubeObject, byDefault: Visibility): Visibility {
  const { annotations, namespace = '' } = metaOf(service);
  const exported = annotations['networking.istio.io/exportTo'];
  const visible = exported === undefined || exported === '' ? byDefault : exported.split(',').map((part) => part.trim());
  return ownNamespace(visible, namespace);
}

/** Replaces `.` by the namespace it stands for. */
export function ownNamespace(visible: Iterable<string>, namespace: string): Visibility {
  return new Set([...visible].map((entry) => (entry === '.' ? namespace : entry)));
}

function parsePort(raw: Readonly<Record<string, unknown>>): readonly ServicePort[] {
  const port = number(raw.port);
  if (port === undefined) return [];
  const name = text(raw.name);
  const appProtocol = typeof raw.appProtocol === 'string' ? raw.appProtocol : undefined;
  const target = typeof raw.targetPort === 'string' ? raw.targetPort : (number(raw.targetPort) ?? port);
  return [{ number: port, name, protocol: portProtocol({ number: port, name, transport: text(raw.protocol), appProtocol }), target }];
}

export function parsePod(object: KubeObject): Pod {
  const meta = metaOf(object);
  const status = record(object.status);
  const conditions = records(status.conditions);
  const phase = text(status.phase);
  const ready = conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  const ports = records(record(object.spec).containers).flatMap((container) => records(container.ports));
  return {
    ref: { namespace: meta.namespace ?? '', name: meta.name },
    labels: meta.labels,
    ready: ready && meta.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed',
    ports: new Map(
      ports.flatMap((port): [string, number][] => {
        const containerPort = number(port.containerPort);
        return typeof port.name === 'string' && containerPort !== undefined ? [[port.name, containerPort]] : [];
      }),
    ),
  };
}
