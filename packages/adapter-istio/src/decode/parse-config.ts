import { labelsIn } from '@heddle/core';
import { resolveGateway, resolveHost } from './hosts.js';
import { parseHttpRule } from './parse-http-rule.js';
import { ownNamespace } from './parse-kube.js';
import { maybeRecord, number, record, records, text, texts } from './raw.js';
import type { Config, DestinationRule, Gateway, GatewayServer, Sidecar, VirtualService, Visibility } from './world-types.js';

/** A VirtualService by itself; a root's delegates are merged later. */
export function parseVirtualService(config: Config, domain: string, defaultVisible: Visibility): VirtualService {
  const spec = record(config.object.spec);
  const exportTo = Array.isArray(spec.exportTo) ? texts(spec.exportTo) : undefined;
  const gateways = texts(spec.gateways).map((gateway) => resolveGateway(gateway, config.namespace));
  return {
    ...config,
    hosts: texts(spec.hosts).map((host) => resolveHost(host, config.namespace, domain)),
    gateways: gateways.length === 0 ? ['mesh'] : gateways,
    exportTo,
    visible: ownNamespace(exportTo === undefined || exportTo.length === 0 ? defaultVisible : exportTo, config.namespace),
    http: records(spec.http).map((rule, index) => parseHttpRule(rule, index, config, domain)),
    tcp: records(spec.tcp),
    tls: records(spec.tls),
    delegates: [],
  };
}

export function parseDestinationRule(config: Config, domain: string): DestinationRule {
  const spec = record(config.object.spec);
  const workloads = maybeRecord(spec.workloadSelector);
  const selector = workloads === undefined ? undefined : labelsIn(workloads.matchLabels);
  return {
    ...config,
    host: resolveHost(text(spec.host), config.namespace, domain),
    exportTo: selector === undefined ? new Set(texts(spec.exportTo)) : new Set(['.']),
    selector,
    subsets: records(spec.subsets).map((subset) => ({ name: text(subset.name), labels: labelsIn(subset.labels) })),
  };
}

export function parseSidecar(config: Config): Sidecar {
  const spec = record(config.object.spec);
  const workloads = maybeRecord(spec.workloadSelector);
  return {
    ...config,
    selector: workloads === undefined ? undefined : labelsIn(workloads.labels),
    egress: records(spec.egress),
    policy: maybeRecord(spec.outboundTrafficPolicy),
  };
}

export function parseGateway(config: Config): Gateway {
  const spec = record(config.object.spec);
  return {
    ...config,
    selector: labelsIn(spec.selector),
    servers: records(spec.servers).flatMap((server) => parseServer(server, config.namespace)),
  };
}

function parseServer(raw: Readonly<Record<string, unknown>>, namespace: string): readonly GatewayServer[] {
  const port = record(raw.port);
  const portNumber = number(port.number);
  if (portNumber === undefined) return [];
  const hosts = texts(raw.hosts).map((host) => {
    if (host.startsWith('./')) return `${namespace}/${host.slice(2)}`;
    return host.startsWith('*/') ? host.slice(2) : host;
  });
  return [
    {
      number: portNumber,
      portName: text(port.name),
      protocol: text(port.protocol).toUpperCase(),
      bind: text(raw.bind),
      hosts,
      tls: maybeRecord(raw.tls),
    },
  ];
}
