import { describe, expect, test } from 'vitest';
import type { KubeObject, Labels } from '../model/object.js';
import { observeObjects } from '../model/observed.js';
import { lintRemovedKinds } from './removed-kinds.js';
import { lintServices } from './services.js';

const queries = ['Service', 'Pod'].map((kind) => ({ group: '', kind }));
const found = (...objects: readonly KubeObject[]) =>
  lintServices(observeObjects(objects, queries)).map(({ severity, code, message }) => `${severity} ${code} ${message}`);

const service = (spec: Readonly<Record<string, unknown>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
});

interface Made {
  readonly ready?: boolean;
  readonly owner?: string;
  readonly namespace?: string;
  readonly ports?: readonly unknown[];
}

const pod = (name: string, labels: Labels, { ready = true, owner, namespace = 'shop', ports = [] }: Made = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name, namespace, labels },
    ...(owner === undefined
      ? {}
      : { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${owner}-5c9`, controller: true }] }),
  },
  spec: { containers: [{ name: 'app', ports }] },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

describe('Services without Pods', () => {
  test('none has the labels, with the label that is nearly it', () => {
    expect(found(service(), pod('a', { app: 'webb' }))).toEqual([
      'warning service-without-pods Service shop/web: no Pod of the namespace has the labels app=web, so whoever calls it gets an error (503 from a proxy of the mesh)',
    ]);
    const [near] = lintServices(observeObjects([service(), pod('a', { app: 'webb' })], queries));
    expect(near).toMatchObject({
      pointer: '/spec/selector',
      fix: 'did you mean app=webb? Else start the workload, or correct the selector',
    });
  });

  test('none is ready', () => {
    expect(found(service(), pod('a', { app: 'web' }, { ready: false }))).toEqual([
      'warning service-without-pods Service shop/web: its one Pod is not ready, so whoever calls it gets an error (503 from a proxy of the mesh)',
    ]);
  });

  test('not where files show no Pod of the namespace, nor of Services that select none', () => {
    expect(found(service())).toEqual([]);
    expect(found(service(), pod('a', { app: 'x' }, { namespace: 'other' }))).toEqual([]);
    expect(found(service({ selector: {} }), pod('a', { app: 'x' }))).toEqual([]);
    expect(found(service({ type: 'ExternalName' }), pod('a', { app: 'x' }))).toEqual([]);
  });

  test('in a cluster nothing is left out, so a namespace without Pods has none', () => {
    const live = { ...service(), metadata: { name: 'web', namespace: 'shop', uid: 'u' } };
    expect(found(live)).toHaveLength(1);
    const unread = new Map([...observeObjects([live], queries), ['|Pod|*|*|', { unread: 'forbidden' }] as const]);
    expect(lintServices(unread)).toEqual([]);
  });
});

test('a port that leads to a name that no container has', () => {
  const named = service({
    ports: [
      { port: 80, targetPort: 'http' },
      { port: 81, targetPort: 'htpp' },
    ],
  });
  const [one, ...more] = lintServices(
    observeObjects([named, pod('a', { app: 'web' }, { ports: [{ name: 'http', containerPort: 8080 }] })], queries),
  );
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    code: 'target-port-missing',
    pointer: '/spec/ports/1/targetPort',
    fix: expect.stringContaining('did you mean http?'),
  });
});

describe('workloads that nothing tells apart', () => {
  const v1 = { app: 'web', version: 'v1', 'pod-template-hash': '5c9' };

  test('behind one Service, with the same labels but for the hash', () => {
    expect(found(service(), pod('a', v1, { owner: 'web-v1' }), pod('b', v1, { owner: 'web-v2' }))).toEqual([
      'warning workloads-alike Deployment shop/web-v2: the Pods of web-v1 and web-v2 are all behind Service shop/web and have the same labels (app=web,version=v1), so no rule can send requests to one of them alone',
    ]);
  });

  test('what a mesh adds to Pods does not count, and is not shown', () => {
    const named = (owner: string) => pod(owner, { ...v1, 'mesh.example/canonical-name': owner, 'mesh.example/mode': 'strict' }, { owner });
    expect(found(service(), named('web-v1'), named('web-v2'))[0]).toContain('have the same labels (app=web,version=v1), so');
  });

  test('a note where no label speaks of versions, and nothing where one tells them', () => {
    const plain = { app: 'web', 'pod-template-hash': '5c9' };
    expect(found(service(), pod('a', plain, { owner: 'x' }), pod('b', plain, { owner: 'y' }))[0]).toMatch(/^info workloads-alike/);
    expect(found(service(), pod('a', v1, { owner: 'x' }), pod('b', { ...v1, version: 'v2' }, { owner: 'y' }))).toEqual([]);
    expect(found(service(), pod('a', v1, { owner: 'x' }), pod('b', v1, { owner: 'x' }))).toEqual([]);
  });
});

test('kinds that clusters no longer take', () => {
  const object = (apiVersion: string, kind: string): KubeObject => ({ apiVersion, kind, metadata: { name: 'x', namespace: 'shop' } });
  const objects = [object('extensions/v1beta1', 'Ingress'), object('networking.k8s.io/v1', 'Ingress'), object('apps/v1', 'Deployment')];
  expect(lintRemovedKinds(objects).map(({ message }) => message)).toEqual([
    'Ingress shop/x: Kubernetes has not served extensions/v1beta1 since 1.22, so it does not take this object',
  ]);
});
