import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { fileCluster } from '../files/file-cluster.js';
import { alike } from './pod-groups.js';
import { findWorkload, parseWorkload, unknownWorkload } from './workloads.js';

const workload = (kind: string, name: string, labels: object = { app: name }): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { namespace: 'shop', name },
  spec: { template: { metadata: { labels }, spec: { containers: [] } } },
});
const pod = (name: string, labels: object, phase = 'Running'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name, labels },
  status: { phase },
});
const cluster = (...objects: KubeObject[]) => fileCluster(objects, [], () => true);

describe('how a workload is written', () => {
  it.each([
    ['web', { namespace: 'here', name: 'web' }],
    ['shop/web', { namespace: 'shop', name: 'web' }],
    ['deploy/web', { namespace: 'here', kind: 'Deployment', name: 'web' }],
    ['shop/sts/web', { namespace: 'shop', kind: 'StatefulSet', name: 'web' }],
    ['pod/web-0', { namespace: 'here', kind: 'Pod', name: 'web-0' }],
  ])('%s', (text, expected) => {
    expect(parseWorkload(text, 'here')).toEqual(expected);
  });

  it.each(['', '/web', 'shop/', 'a/b/c', 'shop/thing/web', 'a/b/c/d', 'web 0'])('%j is none', (text) => {
    expect(parseWorkload(text, 'here')).toBeUndefined();
  });
});

describe('findWorkload', () => {
  it('finds it with its pods that have not ended', async () => {
    const there = cluster(
      workload('Deployment', 'web'),
      pod('web-1', { app: 'web' }),
      pod('web-2', { app: 'web' }, 'Succeeded'),
      pod('x', {}),
    );
    const found = await findWorkload(there, { namespace: 'shop', name: 'web' });
    expect(found).toMatchObject({ ref: { kind: 'Deployment', name: 'web' }, pods: [{ metadata: { name: 'web-1' } }] });
    expect(await findWorkload(there, { namespace: 'shop', name: 'web', kind: 'Job' })).toBeUndefined();
  });

  it('asks which, where several kinds have the name', async () => {
    const there = cluster(workload('Deployment', 'web'), workload('StatefulSet', 'web'));
    await expect(findWorkload(there, { namespace: 'shop', name: 'web' })).rejects.toMatchObject({
      code: 'workload-ambiguous',
      next: ['Say which: shop/deployment/web or shop/statefulset/web'],
    });
  });

  it('what is not there is told with what is; names that a controller made up are not', async () => {
    const owned = { ...pod('web-6d4-x2', { app: 'web' }), metadata: { namespace: 'shop', name: 'web-6d4-x2', ownerReferences: [{}] } };
    const error = await unknownWorkload(cluster(workload('Deployment', 'web'), owned), { namespace: 'shop', name: 'wep' });
    expect(error).toMatchObject({ code: 'unknown-workload', next: ['Did you mean shop/web?', 'Workloads there: web', expect.any(String)] });
  });
});

it('pods are alike but for what tells one pod from another', () => {
  const groups = alike([
    pod('a', { app: 'x', 'pod-template-hash': '1' }),
    pod('b', { 'pod-template-hash': '2', app: 'x' }),
    pod('c', { app: 'y' }),
  ]);
  expect(groups.map((group) => group.length)).toEqual([2, 1]);
});
