import { type ClusterFacts, type KubeObject, observeObjects } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { detect, facts } from './detect.js';

const route = {
  group: 'gateway.networking.k8s.io',
  kind: 'HTTPRoute',
  plural: 'httproutes',
  namespaced: true,
  versions: ['v1beta1', 'v1'],
};
const gatewayClass = (controllerName: string): KubeObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: { name: 'class' },
  spec: { controllerName },
});
const istiod = (image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } },
  spec: { template: { spec: { containers: [{ name: 'discovery', image }] } } },
});
const cluster = (objects: readonly KubeObject[], served: ClusterFacts['served'] = [route]): ClusterFacts => ({
  version: 'v1.36.3',
  served,
  seen: observeObjects(objects, facts),
});

describe('detect', () => {
  it('finds the Gateway API by its CRD and an implementation that takes Services as parents, and says what gave it away', () => {
    const found = detect(cluster([gatewayClass('istio.io/gateway-controller'), istiod('registry.test/istio/pilot:1.31.1-distroless')]));
    expect(found).toEqual({
      title: 'Gateway API on Istio',
      environment: {
        version: '1.31.1',
        envoy: '1.39',
        served: { HTTPRoute: 'gateway.networking.k8s.io/v1' },
        settings: { rootNamespace: 'istio-system' },
      },
      because: 'CRD httproutes.gateway.networking.k8s.io, GatewayClass class (istio.io/gateway-controller), istiod 1.31.1 in istio-system',
    });
  });

  it('says what it did not see', () => {
    expect(detect(cluster([gatewayClass('istio.io/gateway-controller')]))?.because).toContain('istiod not seen');
    expect(detect(cluster([istiod('pilot:latest')]))).toMatchObject({ because: expect.stringContaining('istiod of unknown version') });
  });

  it('is not there without the CRD, or with implementations that have not been measured', () => {
    expect(detect(cluster([istiod('pilot:1.31.1')], []))).toBeUndefined();
    expect(detect(cluster([gatewayClass('example.test/controller')]))).toBeUndefined();
  });
});
