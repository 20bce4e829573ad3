import type { KubeObject } from '@heddle/core';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { objectFiles } from './object-files.js';

const object = (kind: string, name: string, namespace?: string, apiVersion = 'a.example.test/v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

test('files are named after their objects, those that rules need first', () => {
  const objects = [object('Versions', 'web', 'shop'), object('Mesh', 'default'), object('Route', 'web', 'shop')];
  const files = objectFiles(objects, 2);
  expect(files.map(({ name }) => name)).toEqual(['1-versions.shop.web.yaml', '1-mesh.default.yaml', '2-route.shop.web.yaml']);
  expect(files.map(({ text }) => load(text))).toEqual(objects);
});

test('no two objects have one file', () => {
  const objects = [
    object('Route', 'b-c', 'a'),
    object('Route', 'c', 'a-b'),
    object('Route', 'x.y', 'shop'),
    object('Gateway', 'front', 'shop'),
    object('Gateway', 'front', 'shop', 'gateway.networking.k8s.io/v1'),
  ];
  expect(objectFiles(objects, 0).map(({ name }) => name)).toEqual([
    '2-route.a.b-c.yaml',
    '2-route.a-b.c.yaml',
    '2-route.shop.x.y.yaml',
    '2-gateway.a.example.test.shop.front.yaml',
    '2-gateway.gateway.networking.k8s.io.shop.front.yaml',
  ]);
});

test('a name is no path', () => {
  expect(objectFiles([object('Route', '../../etc', 'shop')], 0)[0]?.name).toBe('2-route.shop..._.._etc.yaml');
});
