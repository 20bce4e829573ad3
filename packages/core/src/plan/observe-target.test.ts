import { expect, test } from 'vitest';
import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import type { KubeObject, ObjectQuery } from '../model/object.js';
import { type Observed, objectsOf, queryKey } from '../model/observed.js';
import { observeTarget } from './observe-target.js';

const env = { served: {}, settings: {} };
const named = (kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
  ...more,
});
const objects = [named('Service', 'web', { spec: { pods: 'web-0' } }), named('Pod', 'web-0'), named('Pod', 'other')];
const services: ObjectQuery = { group: '', kind: 'Service' };
const read = (reads: MeshAdapter['reads']): Observed => observeTarget({ adapter: { reads }, env }, { services: [] }, objects);

test('what one round shows may ask for more; each query is answered once', () => {
  const asked: number[] = [];
  const seen = read((_target, known) => {
    asked.push(known.size);
    const pods = objectsOf(known, '', 'Service').map((): ObjectQuery => ({ group: '', kind: 'Pod', name: 'web-0' }));
    return [services, services, ...pods];
  });
  expect(asked).toEqual([0, 1, 2]);
  expect([...seen.keys()]).toEqual([services, { group: '', kind: 'Pod', name: 'web-0' }].map(queryKey));
  expect(objectsOf(seen, '', 'Pod')).toEqual([objects[1]]);
});

test('an adapter that asks for ever is asked five times', () => {
  let rounds = 0;
  const seen = read(() => {
    rounds += 1;
    return [{ group: '', kind: 'Pod', name: `pod-${rounds}` }];
  });
  expect({ rounds, read: seen.size }).toEqual({ rounds: 5, read: 5 });
});
