import { expect, it } from 'vitest';
import { labelsMatch, metaOf } from '../model/object.js';
import { namespaceObject, serviceObject, workloadObjects } from './scenario-objects.js';

it('a Deployment comes with the pod that it would have made, which its Service selects', () => {
  const labels = { app: 'cart' };
  const [deployment, pod, ...more] = workloadObjects({
    ...{ namespace: 'shop', name: 'cart', labels, podLabels: { version: 'v1' } },
    container: { name: 'cart', image: 'example.test/cart:1' },
  });
  const service = serviceObject('shop', 'cart', labels, [{ name: 'http', port: 8080 }]);
  expect(more).toEqual([]);
  expect(deployment).toMatchObject({ kind: 'Deployment', spec: { selector: { matchLabels: labels } }, status: { readyReplicas: 1 } });
  expect(metaOf(pod)).toMatchObject({ namespace: 'shop', labels: { app: 'cart', version: 'v1' } });
  expect(service).toMatchObject({ spec: { selector: labels, ports: [{ port: 8080 }] } });
  expect(labelsMatch(labels, metaOf(pod).labels)).toBe(true);
  expect(metaOf(namespaceObject('shop', { injection: 'enabled' }))).toMatchObject({ name: 'shop', labels: { injection: 'enabled' } });
});
