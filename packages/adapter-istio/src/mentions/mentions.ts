import { groupOf, isRecord, labelsIn, type Mention, metaOf, refOf } from '@heddle/core';
import { number, record, records, text, texts } from '../decode/raw.js';

/**
 * The Services that an object of Istio's names: hosts and destinations of a VirtualService, host and subsets of a DestinationRule, the
 * destination and versions of a RouteRule, and what routes of the Gateway API are attached to and send to. Hosts that are no Service's
 * name are left out.
 */
export function mentions(object: unknown): readonly Mention[] {
  const { apiVersion, kind } = refOf(object);
  const { namespace = 'default' } = metaOf(object);
  const spec = record(record(object).spec);
  if (groupOf(apiVersion) === 'networking.istio.io' && kind === 'VirtualService') {
    const hosts = texts(spec.hosts).flatMap((host) => named(host, namespace));
    const dialled = hosts.flatMap((service) => dialledPorts(spec).map((port) => ({ ...service, port })));
    return [...hosts, ...dialled, ...destinationsIn(spec, namespace)];
  }
  if (groupOf(apiVersion) === 'networking.istio.io' && kind === 'DestinationRule') {
    const versions = records(spec.subsets).map((subset) => ({ id: text(subset.name), labels: labelsIn(subset.labels) }));
    return named(text(spec.host), namespace).flatMap((service) => [service, ...versions.map((version) => ({ ...service, version }))]);
  }
  if (groupOf(apiVersion) === 'config.istio.io' && kind === 'RouteRule') return ofRouteRule(spec, namespace);
  return groupOf(apiVersion) === 'gateway.networking.k8s.io' ? ofGatewayRoute(spec, namespace) : [];
}

/** The ports that rules ask for of callers in the mesh, which are the Service's; at a gateway they are that one's. */
function dialledPorts(spec: Readonly<Record<string, unknown>>): readonly number[] {
  const isMesh = (gateways: unknown, fallback: boolean) => (texts(gateways).length === 0 ? fallback : texts(gateways).includes('mesh'));
  const inMesh = isMesh(spec.gateways, true);
  const matches = [...records(spec.http), ...records(spec.tcp)].flatMap((rule) => records(rule.match));
  const ports = matches.filter(({ gateways }) => isMesh(gateways, inMesh)).map(({ port }) => number(port));
  return [...new Set(ports.filter((port) => port !== undefined))];
}

/** Whatever has a `host` in a rule is a destination: those of routes, and of copies. Headers may be called so too. */
function destinationsIn(value: unknown, namespace: string): readonly Mention[] {
  if (Array.isArray(value)) return value.flatMap((item) => destinationsIn(item, namespace));
  if (!isRecord(value)) return [];
  const port = number(record(value.port).number);
  const own = named(text(value.host), namespace).map((service) => ({ ...service, ...(port === undefined ? {} : { port }) }));
  const parts = Object.entries(value).filter(([key]) => key !== 'match' && key !== 'headers');
  return [...own, ...parts.flatMap(([, part]) => destinationsIn(part, namespace))];
}

function ofRouteRule(spec: Readonly<Record<string, unknown>>, namespace: string): readonly Mention[] {
  const { name, namespace: other } = record(spec.destination);
  if (text(name) === '') return [];
  const service = { namespace: text(other) || namespace, name: text(name) };
  const versions = records(spec.route)
    .map((route) => labelsIn(route.labels))
    .filter((labels) => Object.keys(labels).length > 0)
    .map((labels) => ({ ...service, version: { id: labels.version ?? Object.values(labels).join('-'), labels } }));
  return [service, ...versions];
}

function ofGatewayRoute(spec: Readonly<Record<string, unknown>>, namespace: string): readonly Mention[] {
  const parents = records(spec.parentRefs).filter(({ kind }) => kind === 'Service');
  const backends = records(spec.rules).flatMap((rule) => records(rule.backendRefs));
  return [...parents, ...backends]
    .filter(({ name, kind }) => text(name) !== '' && (kind === undefined || kind === 'Service'))
    .map((ref) => {
      const port = number(ref.port);
      return { namespace: text(ref.namespace) || namespace, name: text(ref.name), ...(port === undefined ? {} : { port }) };
    });
}

/** `name`, or `name.namespace.svc…`; other names with dots are taken literally, so they are nobody's here. */
function named(host: string, namespace: string): readonly Mention[] {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(host)) return [{ namespace, name: host }];
  const [, name, other] = /^([^.*]+)\.([^.*]+)\.svc(\.|$)/.exec(host) ?? [];
  return name === undefined || other === undefined ? [] : [{ namespace: other, name }];
}
