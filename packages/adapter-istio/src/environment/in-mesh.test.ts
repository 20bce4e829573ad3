import { describe, expect, it } from 'vitest';
import { gatewayProxies } from './gateway-proxies.js';
import { injects } from './in-mesh.js';

const pod = (labels: object = {}, more: object = {}) => ({ kind: 'Pod', metadata: { name: 'x', labels, ...more } });
const namespace = (labels: object) => ({ kind: 'Namespace', metadata: { name: 'shop', labels } });
const ENABLED = namespace({ 'istio-injection': 'enabled' });

describe('injects', () => {
  it.each([
    ['a namespace that says yes', pod(), ENABLED, true],
    ['a namespace of a revision', pod(), namespace({ 'istio.io/rev': 'stable' }), true],
    ['a namespace that says no', pod({ 'sidecar.istio.io/inject': 'true' }), namespace({ 'istio-injection': 'disabled' }), false],
    ['a pod that says no', pod({ 'sidecar.istio.io/inject': 'false' }), ENABLED, false],
    ['a pod that says no by an annotation', pod({}, { annotations: { 'sidecar.istio.io/inject': 'false' } }), ENABLED, false],
    ['a pod that says yes', pod({ 'sidecar.istio.io/inject': 'true' }), undefined, true],
    ['a pod in the network of its node', { ...pod(), spec: { hostNetwork: true } }, ENABLED, false],
    ['nothing that says anything', pod(), namespace({}), undefined],
    ['no namespace', pod(), undefined, undefined],
  ])('%s', (_, one, home, expected) => {
    expect(injects(one, home)).toBe(expected);
  });
});

describe('gatewayProxies', () => {
  const gateway = (apiVersion: string, selector?: object) => ({ apiVersion, kind: 'Gateway', metadata: { name: 'g' }, spec: { selector } });

  it('are those that a Gateway of Istio selects', () => {
    expect(gatewayProxies(gateway('networking.istio.io/v1', { istio: 'ingressgateway' }))).toEqual({
      labels: { istio: 'ingressgateway' },
      namespace: 'istio-system',
    });
  });

  it('are not known of one without a selector, and of other objects', () => {
    expect(gatewayProxies(gateway('networking.istio.io/v1'))).toBeUndefined();
    expect(gatewayProxies(gateway('gateway.networking.k8s.io/v1', { a: 'b' }))).toBeUndefined();
  });
});
