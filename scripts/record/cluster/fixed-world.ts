import type { KubeObject } from '@heddle/core';
import type { CaseWorld, WorldService } from '../generate/world.ts';
import type { CaseClient } from '../routing-case.ts';

/** Where the echo image listens. */
const LISTENS = 8080;

interface FixedPort {
  readonly name: string;
  readonly port: number;
}

const SERVICES: readonly {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly FixedPort[];
  readonly versions: readonly string[];
}[] = [
  {
    namespace: 'default',
    name: 'reviews',
    ports: [
      { name: 'http', port: 9080 },
      { name: 'http-admin', port: 9090 },
    ],
    versions: ['v1', 'v2', 'v3'],
  },
  { namespace: 'default', name: 'ratings', ports: [{ name: 'http', port: 80 }], versions: ['v1', 'v2'] },
  { namespace: 'shop', name: 'reviews', ports: [{ name: 'http', port: 9080 }], versions: ['v1'] },
  {
    namespace: 'shop',
    name: 'cart',
    ports: [
      { name: 'web', port: 8000 },
      { name: 'tcp-db', port: 7000 },
    ],
    versions: ['v1', 'v2'],
  },
];

/** One client in each namespace: they differ in labels too. */
export const CLIENTS: readonly CaseClient[] = [
  { kind: 'sidecar', namespace: 'default', labels: { app: 'sleep' } },
  { kind: 'sidecar', namespace: 'shop', labels: { app: 'sleep', env: 'dev' } },
  { kind: 'sidecar', namespace: 'other', labels: { app: 'sleep', version: 'v1' } },
];

/** The name of every client's Pod. */
export const CLIENT_POD = 'sleep-0';

/** The Services and Pods that stand in the cluster for all cases, as `client` sees them. Addresses are filled in when they are known. */
export function fixedWorld(client: CaseClient): CaseWorld {
  const services = SERVICES.map(
    ({ namespace, name, ports, versions }, index): WorldService => ({
      namespace,
      name,
      versions,
      address: placeholder(index),
      ports: ports.map((port) => ({ number: port.port, http: !port.name.startsWith('tcp') })),
    }),
  );
  return { objects: [...fixedServices(), ...backendPods(), ...clientPods()], services, client };
}

/** Stands for a Service's address until the cluster has given it one. */
export const placeholder = (index: number): string => `10.96.0.${index + 1}`;

export function fixedServices(): readonly KubeObject[] {
  return SERVICES.map(({ namespace, name, ports }, index) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: {
      clusterIP: placeholder(index),
      selector: { app: name },
      ports: ports.map((port) => ({ ...port, targetPort: LISTENS, protocol: 'TCP' })),
    },
  }));
}

export const backendPods = (): readonly KubeObject[] =>
  SERVICES.flatMap(({ namespace, name, versions }) =>
    versions.map((version) => pod(namespace, `${name}-${version}-0`, { app: name, version })),
  );

export const clientPods = (): readonly KubeObject[] => CLIENTS.map(({ namespace, labels }) => pod(namespace, CLIENT_POD, labels));

const pod = (namespace: string, name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels },
  spec: { containers: [{ name: 'app', image: 'app' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
