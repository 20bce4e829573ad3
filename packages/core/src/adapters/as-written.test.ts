import { expect, test } from 'vitest';
import { asWritten } from './as-written.js';

const metadata = { name: 'web', namespace: 'shop', labels: { app: 'web' } };
const dumped = (spec: Readonly<Record<string, unknown>>) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    ...metadata,
    uid: 'u',
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  },
  spec,
  status: { loadBalancer: {} },
});
const ports = [{ port: 80 }];

test('nothing of the API server is left of a dumped Service, nor the addresses that its cluster allotted', () => {
  expect(asWritten(dumped({ clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'], ports }))).toEqual({
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata,
    spec: { ports },
  });
});

test('a headless Service stays headless, and annotations of people stay', () => {
  const headless = { clusterIP: 'None', clusterIPs: ['None'], ports };
  expect(asWritten(dumped(headless)).spec).toEqual(headless);
  const object = dumped(headless);
  const annotated = { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, team: 'a' } } };
  expect(asWritten(annotated).metadata).toEqual({ ...metadata, annotations: { team: 'a' } });
});
