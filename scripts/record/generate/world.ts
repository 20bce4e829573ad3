import type { KubeObject } from '@heddle/core';
import type { CaseClient } from '../routing-case.ts';
import type { Random } from './random.ts';
import { NAMESPACES, ROOT, SERVICE_NAMES, VERSIONS } from './vocabulary.ts';

export interface WorldService {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly ports: readonly { readonly number: number; readonly http: boolean }[];
  /** Versions that have a Pod. */
  readonly versions: readonly string[];
}

/** Services, the Pods behind them, and who calls. */
export interface CaseWorld {
  readonly objects: readonly KubeObject[];
  readonly services: readonly WorldService[];
  readonly client: CaseClient;
}

interface PortSpec {
  readonly name?: string;
  readonly port: number;
  readonly targetPort: number;
  readonly appProtocol?: string;
}

const HTTP: PortSpec = { name: 'http', port: 9080, targetPort: 9080 };
const PLAIN: PortSpec = { name: 'http', port: 80, targetPort: 8080 };
const ADMIN: PortSpec = { name: 'http-admin', port: 9090, targetPort: 9090 };
const UNKNOWN: PortSpec = { name: 'web', port: 8000, targetPort: 8000 };
const TCP: PortSpec = { name: 'tcp-db', port: 7000, targetPort: 7000 };

const PORTS: readonly (readonly [number, readonly PortSpec[]])[] = [
  [6, [HTTP]],
  [5, [PLAIN]],
  [4, [PLAIN, ADMIN]],
  [2, [UNKNOWN]],
  [2, [HTTP, TCP]],
  [1, [{ ...TCP, name: 'redis' }]],
  [1, [{ name: 'grpc-api', port: 9080, targetPort: 50051 }]],
  [1, [{ name: 'main', port: 9080, targetPort: 9080, appProtocol: 'http' }, UNKNOWN]],
  [1, [{ port: 80, targetPort: 8080 }]],
  [1, [{ name: 'http', port: 8000, targetPort: 8000 }]],
];

export function caseWorld(random: Random, kind: 'sidecar' | 'gateway'): CaseWorld {
  const objects: KubeObject[] = [];
  const services: WorldService[] = [];
  let ip = 0;
  const podOf = (name: string, namespace: string, labels: Readonly<Record<string, string>>, ready = true): KubeObject => {
    ip += 1;
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: { containers: [{ name: 'app', image: 'app' }] },
      status: { phase: 'Running', podIP: `10.244.0.${ip}`, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
    };
  };
  const places = NAMESPACES.flatMap((namespace) => SERVICE_NAMES.map((name) => ({ name, namespace })));
  const chosen = [
    { name: random.pick(SERVICE_NAMES), namespace: random.chance(0.7) ? 'default' : random.pick(NAMESPACES) },
    ...random.some(places, 0, 3),
  ];
  const seen = new Set<string>();
  for (const { name, namespace } of chosen) {
    if (seen.has(`${namespace}/${name}`)) continue;
    seen.add(`${namespace}/${name}`);
    const ports = random.weighted(PORTS);
    const address = `10.96.0.${services.length + 1}`;
    const exportTo = random.chance(0.1)
      ? { annotations: { 'networking.istio.io/exportTo': random.pick(['.', '*', '~', 'shop', 'default,other', '., shop']) } }
      : {};
    objects.push({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, ...exportTo },
      spec: {
        clusterIP: address,
        selector: random.chance(0.03) ? { app: name, version: 'v9' } : { app: name },
        ports: ports.map((port) => ({ ...port, protocol: 'TCP' })),
      },
    });
    const versions = random.some(VERSIONS, 1, 3);
    services.push({ name, namespace, address, versions, ports: ports.map((port) => ({ number: port.port, http: !isTcp(port) })) });
    for (const version of versions) {
      const labels = { app: name, version, ...(random.chance(0.2) ? { env: random.pick(['dev', 'prod']) } : {}) };
      objects.push(podOf(`${name}-${version}-0`, namespace, labels, !random.chance(0.08)));
      if (random.chance(0.1)) objects.push(podOf(`${name}-${version}-1`, namespace, labels, !random.chance(0.3)));
    }
  }
  const client = kind === 'gateway' ? gatewayClient(random) : sidecarClient(random);
  objects.push(podOf(kind === 'gateway' ? 'ingress-0' : 'sleep-0', client.namespace, client.labels));
  return { objects, services, client };
}

const isTcp = ({ name = '' }: PortSpec): boolean => name.startsWith('tcp') || name === 'redis';

function sidecarClient(random: Random): CaseClient {
  const labels = {
    app: 'sleep',
    ...(random.chance(0.3) ? { env: random.pick(['dev', 'prod']) } : {}),
    ...(random.chance(0.2) ? { version: random.pick(VERSIONS) } : {}),
  };
  return { kind: 'sidecar', namespace: random.chance(0.05) ? ROOT : random.pick(NAMESPACES), labels };
}

function gatewayClient(random: Random): CaseClient {
  const labels = { istio: 'ingressgateway', ...(random.chance(0.3) ? { app: 'ingress' } : {}) };
  return { kind: 'gateway', namespace: random.chance(0.7) ? ROOT : random.pick(NAMESPACES), name: 'ingress', labels };
}
