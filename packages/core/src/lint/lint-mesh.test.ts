import { expect, test } from 'vitest';
import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import { lintMesh, lintQueries } from './lint-mesh.js';

const env = { served: {}, settings: {} };
const base = {
  reads: () => [
    { group: 'example.io', kind: 'Route' },
    { group: '', kind: 'Service' },
  ],
} as unknown as MeshAdapter;
const problem = { code: 'x', message: 'Route a: x' };
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { ports: [{ port: 80 }, { port: 81 }] },
};

test('all that a mesh depends on is read once, and Pods of all namespaces', () => {
  expect(lintQueries(base, env)).toEqual([
    { group: 'example.io', kind: 'Route' },
    { group: '', kind: 'Service' },
    { group: '', kind: 'Pod' },
    { group: '', kind: 'Namespace' },
  ]);
});

test("an adapter's own findings count, each once", () => {
  expect(lintMesh({ ...base, lint: () => [problem, problem] }, new Map(), env)).toEqual([problem]);
});

test('without them the problems of a decode of all Services', () => {
  const asked: unknown[] = [];
  const adapter: MeshAdapter = {
    ...base,
    decode: (target) => {
      asked.push(target);
      return { tables: [], problems: [problem], gaps: [] };
    },
  };
  expect(lintMesh(adapter, new Map([['s', { objects: [service] }]]), env)).toEqual([problem]);
  expect(asked).toEqual([{ services: [80, 81].map((port) => ({ namespace: 'shop', name: 'web', port })) }]);
});
