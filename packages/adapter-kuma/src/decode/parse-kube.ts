import { type KubeObject, labelsIn, metaOf } from '@heddle/core';
import { parseProtocol, UNKNOWN } from './protocols.js';
import { maybeRecord, number, type Raw, record, records, text, texts } from './raw.js';
import { MESH_LABEL } from './tags.js';
import type { Config, Namespace, Pod, Service, ServicePort } from './world-types.js';

export { isHttp } from './protocols.js';

export const INJECTION = 'kuma.io/sidecar-injection';
const SIDECAR = 'kuma-sidecar';

/** A switch as Kuma writes them; `undefined` when absent or of another value. */
export function enabled(value: string | undefined): boolean | undefined {
  if (value === 'enabled' || value === 'true' || value === 'yes') return true;
  return value === 'disabled' || value === 'false' || value === 'no' ? false : undefined;
}

export function parseNamespace(object: KubeObject): Namespace {
  const { name, labels, annotations } = metaOf(object);
  const mesh = labels[MESH_LABEL] || annotations[MESH_LABEL] || 'default';
  return {
    name,
    labels,
    mesh,
    injected: enabled(labels[INJECTION]) === true,
    annotated: INJECTION in annotations && !(INJECTION in labels),
  };
}

export function parseService(config: Config, domain: string): Service {
  const spec = record(config.object.spec);
  const { annotations } = metaOf(config.object);
  const selector = labelsIn(spec.selector);
  const addresses = [...new Set([text(spec.clusterIP), ...texts(spec.clusterIPs)])].filter((ip) => ip !== '' && ip !== 'None');
  return {
    ...config,
    host: `${config.name}.${config.namespace}.svc.${domain}`,
    ports: records(spec.ports).flatMap((port) => parsePort(port, annotations)),
    addresses,
    selector,
    shape: shapeOf(spec, selector),
    ignored: enabled(annotations['kuma.io/ignore']) === true,
  };
}

function shapeOf(spec: Raw, selector: Readonly<Record<string, string>>): Service['shape'] {
  if (spec.type === 'ExternalName') return 'externalName';
  if (spec.clusterIP === 'None') return 'headless';
  return Object.keys(selector).length === 0 ? 'selectorless' : 'clusterIP';
}

function parsePort(raw: Raw, annotations: Readonly<Record<string, string>>): readonly ServicePort[] {
  const port = number(raw.port);
  if (port === undefined) return [];
  const appProtocol = typeof raw.appProtocol === 'string' ? raw.appProtocol : undefined;
  return [
    {
      number: port,
      name: text(raw.name),
      transport: text(raw.protocol) || 'TCP',
      ...protocolOf(appProtocol, annotations[`${port}.service.kuma.io/protocol`]),
      appProtocol,
      target: typeof raw.targetPort === 'string' ? raw.targetPort : (number(raw.targetPort) ?? port),
    },
  ];
}

/** Port names do not count (kuma `k8s/controllers/inbound_converter.go`, `ProtocolTagFor`, 2.14). */
function protocolOf(appProtocol: string | undefined, annotation: string | undefined): Pick<ServicePort, 'protocol' | 'protocolFrom'> {
  const known = parseProtocol(appProtocol ?? '');
  if (known !== UNKNOWN) return { protocol: known, protocolFrom: 'appProtocol' };
  if (annotation !== undefined && annotation !== '') return { protocol: annotation.toLowerCase(), protocolFrom: 'annotation' };
  return { protocol: 'tcp', protocolFrom: 'default' };
}

export function parsePod(object: KubeObject, namespaces: ReadonlyMap<string, Namespace>): Pod {
  const { namespace = '', name, labels, annotations } = metaOf(object);
  const home = namespaces.get(namespace);
  return {
    ref: { namespace, name },
    object,
    labels,
    annotations,
    mesh: labels[MESH_LABEL] || annotations[MESH_LABEL] || home?.mesh || 'default',
    proxied: isProxied(object, home),
  };
}

/**
 * A Pod that runs has the sidecar or has not; for one that is still to be created the labels say whether it is injected (kuma
 * `webhooks/injector/precheck.go`, 2.14). Where files show no Namespace, its Pods count as injected.
 */
function isProxied(object: KubeObject, home: Namespace | undefined): boolean {
  const { uid, labels } = metaOf(object);
  const spec = record(object.spec);
  const containers = [...records(spec.containers), ...records(spec.initContainers)];
  if (containers.some(({ name }) => name === SIDECAR)) return true;
  if (uid !== undefined) return false;
  return enabled(labels[INJECTION]) ?? home?.injected ?? true;
}

/** The number of a container's port that a Service's port leads to, and that container (kuma `k8s/util/util.go`, `FindPort`). */
export function targetOf(pod: Pod, { target }: ServicePort): { readonly port: number; readonly container: string | undefined } | undefined {
  for (const container of records(record(pod.object.spec).containers)) {
    for (const port of records(container.ports)) {
      const containerPort = number(port.containerPort);
      if (containerPort === undefined || (text(port.protocol) || 'TCP') !== 'TCP') continue;
      if (port.name === target || containerPort === target) return { port: containerPort, container: text(container.name) };
    }
  }
  return typeof target === 'number' ? { port: target, container: undefined } : undefined;
}

/**
 * Whether an inbound takes requests: the container behind it and the sidecar are ready (kuma `k8s/controllers/inbound_converter.go`,
 * `podReady`, 2.14). Where no container's state is known, the Pod's own readiness counts.
 */
export function isReady({ object }: Pod, container: string | undefined): boolean {
  const { deletionTimestamp } = metaOf(object);
  const status = record(object.status);
  if (deletionTimestamp !== undefined || status.phase === 'Failed') return false;
  const states = [...records(status.containerStatuses), ...records(status.initContainerStatuses)];
  if (states.length === 0) return records(status.conditions).some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const unready = (name: string) => states.find((state) => state.name === name)?.ready === false;
  return !unready(SIDECAR) && (container === undefined || !unready(container));
}

/** Whether Kuma makes a Dataplane of a Pod at all. */
export function isWorkload(pod: Pod): boolean {
  const status = maybeRecord(pod.object.status);
  if (!pod.proxied || status?.phase === 'Succeeded') return false;
  const zoneProxy = enabled(pod.annotations['kuma.io/ingress']) === true || enabled(pod.annotations['kuma.io/egress']) === true;
  return !zoneProxy && pod.annotations['kuma.io/gateway'] !== 'builtin';
}
