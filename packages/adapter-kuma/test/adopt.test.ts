import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { adapter } from '../src/index.js';
import { kuma, mesh, pod } from './support/mesh-objects.js';

describe('objects of another cluster', () => {
  const adopt = (objects: readonly KubeObject[], env = kuma()) => (adapter.adopt as NonNullable<typeof adapter.adopt>)(objects, env);

  it('have this mesh, its proxies and its marks in the place of others', () => {
    const foreign = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'a',
        namespace: 'shop',
        uid: 'u',
        labels: { app: 'a', 'security.istio.io/tlsMode': 'istio' },
        annotations: { 'sidecar.istio.io/status': '{}' },
      },
      spec: { containers: [{ name: 'app' }, { name: 'istio-proxy' }], initContainers: [{ name: 'istio-init' }] },
      status: {
        containerStatuses: [
          { name: 'istio-proxy', ready: true },
          { name: 'app', ready: true },
        ],
      },
    };
    const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } };
    const [made, space, adopted] = adopt([home, foreign]);
    expect(made).toEqual({ apiVersion: 'kuma.io/v1alpha1', kind: 'Mesh', metadata: { name: 'default' } });
    expect(space?.metadata).toEqual({ name: 'shop', labels: { 'kuma.io/sidecar-injection': 'enabled' } });
    expect(adopted).toMatchObject({
      metadata: { labels: { app: 'a' }, annotations: {} },
      spec: { containers: [{ name: 'app' }, { name: 'kuma-sidecar' }], initContainers: [] },
      status: { containerStatuses: [{ name: 'app', ready: true }] },
    });
    expect(adopted).toHaveProperty('metadata.labels', { app: 'a' });
    expect(adapter.inMesh(adopted)).toBe(true);
  });

  it('stay out of the mesh where they were, and gateways of another mesh are gone', () => {
    const outside = pod('a', { app: 'a', 'sidecar.istio.io/inject': 'false' });
    const gateway = { ...pod('gw', {}), spec: { containers: [{ name: 'istio-proxy' }] } };
    const [, adopted, ...others] = adopt([outside, gateway]);
    expect(adapter.inMesh(adopted)).toBe(false);
    expect(others).toEqual([]);
    expect(adopt([mesh('default', 'Exclusive')])).toEqual([mesh('default', 'Exclusive')]);
  });
});
