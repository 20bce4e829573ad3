import { type KubeObject, metaOf } from '@heddle/core';
import { expect, test } from 'vitest';
import { env } from '../../test/support/objects.js';
import { injects, inMesh } from '../environment/in-mesh.js';
import { adopt } from './adopt.js';

const pod = (spec: Record<string, unknown>, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web', ...labels } },
  spec,
});
const namespace = (labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels },
});
const APP = { name: 'app', image: 'app' };

test('pods of another mesh have the proxy of this one, and nothing of that one', () => {
  const theirs = pod(
    { containers: [{ name: 'kuma-sidecar' }, APP], initContainers: [{ name: 'migrate' }, { name: 'kuma-init' }] },
    { 'kuma.io/mesh': 'default', version: 'v1' },
  );
  const [adopted, home] = adopt([theirs, namespace({ 'kuma.io/sidecar-injection': 'enabled', team: 'pay' })], env);
  expect(adopted).toMatchObject({
    metadata: { labels: { app: 'web', version: 'v1' } },
    spec: { containers: [APP], initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }, { name: 'migrate' }] },
  });
  expect(Object.keys(metaOf(adopted).labels)).toEqual(['app', 'version']);
  expect(inMesh(adopted)).toBe(true);
  expect(home?.metadata).toEqual({ name: 'shop', labels: { team: 'pay', 'istio-injection': 'enabled' } });
  expect(injects(pod({ containers: [APP] }), home)).toBe(true);
});

test.each([
  ['on the network of its node', pod({ hostNetwork: true, containers: [APP] })],
  ['that says no', pod({ containers: [APP] }, { 'sidecar.istio.io/inject': 'false' })],
])('a pod %s gets none', (_, object) => expect(inMesh(adopt([object], env)[0])).toBe(false));

test('what is of this mesh already, and all other objects, stay as they are', () => {
  const objects = [
    pod({ containers: [APP, { name: 'istio-proxy' }] }),
    namespace({ 'istio.io/rev': 'canary' }),
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: {} },
  ];
  expect(adopt(objects, env)).toEqual(objects);
});
