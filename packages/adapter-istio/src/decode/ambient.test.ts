import type { Labels } from '@heddle/core';
import { observeObjects } from '@heddle/core';
import { expect, test } from 'vitest';
import { env, pod, service, stored } from '../../test/support/objects.js';
import { isAmbient } from './ambient.js';
import { decode } from './decode.js';
import { reads } from './reads.js';

const target = { services: [{ namespace: 'shop', name: 'cart', port: 8080 }] };

const observed = (labels: Labels) => {
  const namespace = stored({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
  const objects = [service('cart'), pod('cart-1', { app: 'cart' }), namespace];
  return observeObjects(objects, reads(target, observeObjects(objects, reads(target, new Map(), env)), env));
};

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };

test.each<[Labels, boolean]>([
  [{}, false],
  [AMBIENT, true],
  [{ 'istio.io/dataplane-mode': 'none' }, false],
  [{ ...AMBIENT, 'istio-injection': 'enabled' }, false],
  [{ ...AMBIENT, 'istio-injection': 'disabled' }, true],
  [{ ...AMBIENT, 'istio.io/rev': 'canary' }, false],
])('a namespace with %j is in ambient mode: %s', (labels, expected) => expect(isAmbient('shop', observed(labels))).toBe(expected));

test('is a problem where no waypoint decides, and a gap where one does', () => {
  const found = (labels: Labels) => decode(target, observed(labels), env);
  expect(found(AMBIENT).problems.map(({ code }) => code)).toContain('ambient');
  expect(found(AMBIENT).gaps).toEqual([]);
  const behind = found({ ...AMBIENT, 'istio.io/use-waypoint': 'waypoint' });
  expect([behind.problems.map(({ code }) => code).includes('ambient'), behind.gaps.map(({ feature }) => feature)]).toEqual([
    false,
    ['waypoint'],
  ]);
});
