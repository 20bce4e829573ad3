import { type KubeObject, metaOf } from '@heddle/core';
import { backendPods, clientPods, fixedServices, placeholder } from './fixed-world.ts';
import { mustKubectl } from './kubectl.ts';
import { type Place, placedObjects, placeOf } from './place.ts';

export interface Images {
  /** Serves JSON on port 8080 that says what it was asked and, from POD, who it is. */
  readonly echo: string;
  /** Has sh and perl. */
  readonly base: string;
}

/** Marks everything that a run makes. */
const RUN_LABEL = 'heddle.dev/record';

/** Namespaces, Services, backends and clients of a run, each Pod with its sidecar; ready when this returns. */
export async function setUp(run: string, images: Images): Promise<Place> {
  const place = placeOf(run);
  const namespaces = [...place.namespaces.values()].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { [RUN_LABEL]: run, 'istio-injection': 'enabled' } },
  }));
  await apply(namespaces);
  const services = placedObjects(fixedServices(), place);
  await apply(services.map(withoutAddress));
  await apply(placedObjects(backendPods(), place).map((pod) => backend(pod, images.echo)));
  await apply(placedObjects(clientPods(), place).map((pod) => client(pod, images.base)));
  for (const namespace of place.namespaces.values()) {
    await mustKubectl(['-n', namespace, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=300s']);
  }
  const addresses = new Map<string, string>();
  for (const [index, service] of services.entries()) {
    const { namespace = '', name } = metaOf(service);
    addresses.set(
      placeholder(index),
      (await mustKubectl(['-n', namespace, 'get', 'service', name, '-o', 'jsonpath={.spec.clusterIP}'])).trim(),
    );
  }
  return { ...place, addresses };
}

/** Takes a run's namespaces away, with all that is in them. */
export async function tearDown(run: string): Promise<void> {
  await mustKubectl(['delete', 'namespace', '-l', `${RUN_LABEL}=${run}`, '--wait=false']);
}

export const apply = (objects: readonly KubeObject[]): Promise<string> =>
  mustKubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));

function withoutAddress(service: KubeObject): KubeObject {
  const { clusterIP: _, ...spec } = service.spec as Readonly<Record<string, unknown>>;
  return { ...service, spec };
}

/** Envoy alone is asked whether the Pod is ready: the echo server is there at once. */
const podOf = (pod: KubeObject, container: Readonly<Record<string, unknown>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: pod.metadata,
  spec: { terminationGracePeriodSeconds: 1, containers: [{ imagePullPolicy: 'IfNotPresent', ...container }] },
});

function backend(pod: KubeObject, image: string): KubeObject {
  const { namespace, name } = metaOf(pod);
  return podOf(pod, { name: 'echo', image, env: [{ name: 'POD', value: `${namespace}/${name}` }], ports: [{ containerPort: 8080 }] });
}

const client = (pod: KubeObject, image: string): KubeObject =>
  podOf(pod, { name: 'client', image, command: ['sh', '-c', 'exec sleep 86400'] });
