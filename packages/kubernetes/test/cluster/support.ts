import { randomBytes } from 'node:crypto';
import { type Cluster, type KubeObject, metaOf, type ObjectRef } from '@heddle/core';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { connectCluster } from '../../src/index.js';

function image(variable: string): string {
  const name = process.env[variable];
  if (name === undefined || name === '')
    throw new Error(`${variable} must name an image; see CONTRIBUTING.md, "Testing against a cluster"`);
  return name;
}

/** Serves HTTP on port 8080. */
export const echoImage = () => image('HEDDLE_E2E_ECHO_IMAGE');
/** Has sh and perl. */
export const baseImage = () => image('HEDDLE_E2E_BASE_IMAGE');

export interface TestNamespace {
  readonly name: string;
  readonly cluster: Cluster;
  /** Creates an object in the namespace. */
  make(object: KubeObject & { readonly metadata: { readonly name: string; readonly [key: string]: unknown } }): Promise<KubeObject>;
  remove(ref: ObjectRef): Promise<boolean>;
}

/** A namespace of this file's own on the cluster that KUBECONFIG names, deleted at the end. */
export function useNamespace(): TestNamespace {
  const name = `t-kubernetes-${randomBytes(3).toString('hex')}`;
  let cluster: Cluster | undefined;
  const connected = () => {
    if (cluster === undefined) throw new Error('not connected yet');
    return cluster;
  };
  beforeAll(async () => {
    cluster = await connectCluster();
    await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  });
  afterAll(async () => {
    await deleteLive(connected(), { apiVersion: 'v1', kind: 'Namespace', name });
    await connected().close();
  });
  return {
    name,
    get cluster() {
      return connected();
    },
    make: (object) => connected().create({ ...object, metadata: { ...object.metadata, namespace: name } }),
    remove: (ref) => deleteLive(connected(), ref),
  };
}

/** Deletes what is there now, whatever its version. */
async function deleteLive(cluster: Cluster, ref: ObjectRef): Promise<boolean> {
  const live = await cluster.get(ref);
  if (live === undefined) return false;
  return cluster.delete(ref, preconditionOf(live), { gracePeriodSeconds: 1 });
}

export function preconditionOf(object: KubeObject): { readonly uid: string; readonly resourceVersion: string } {
  const { uid, resourceVersion } = metaOf(object);
  expect(uid).toBeTypeOf('string');
  expect(resourceVersion).toBeTypeOf('string');
  return { uid: uid ?? '', resourceVersion: resourceVersion ?? '' };
}

interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

/** An HTTP server on port 8080 that answers with what it was asked. */
export function startEcho(namespace: TestNamespace, name: string): Promise<PodRef> {
  return startPod(namespace, name, 8080, { image: echoImage() });
}

/** A TCP server on port 7007 that sends back every byte. */
export function startRawEcho(namespace: TestNamespace, name: string): Promise<PodRef> {
  const program = `
    use IO::Socket::INET; $SIG{CHLD} = "IGNORE";
    my $server = IO::Socket::INET->new(Listen => 128, LocalPort => 7007, ReuseAddr => 1) or die;
    while (my $client = $server->accept) {
      if (!fork) {
        while (sysread($client, my $bytes, 65536)) {
          for (my $sent = 0; $sent < length $bytes;) { $sent += syswrite($client, $bytes, length($bytes) - $sent, $sent) // exit }
        }
        exit;
      }
      close $client;
    }`;
  return startPod(namespace, name, 7007, { image: baseImage(), command: ['perl', '-e', program] });
}

async function startPod(namespace: TestNamespace, name: string, port: number, container: KubeObject): Promise<PodRef> {
  await namespace.make({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'main', imagePullPolicy: 'Never', readinessProbe: { tcpSocket: { port }, periodSeconds: 1 }, ...container }],
    },
  });
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: namespace.name, name };
  const ready = async () => expect(conditionOf(await namespace.cluster.get(ref), 'Ready')).toBe('True');
  await vi.waitFor(ready, { timeout: 60_000, interval: 300 });
  return { namespace: namespace.name, name };
}

function conditionOf(object: KubeObject | undefined, type: string): string | undefined {
  const status = object?.status as { conditions?: { type: string; status: string }[] } | undefined;
  return status?.conditions?.find((condition) => condition.type === type)?.status;
}
