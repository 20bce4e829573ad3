import { clusterReason, type KubeObject, metaOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { createObjectCluster } from './object-cluster.js';
import { contentOf, differences } from './snapshot.js';

const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n' }, spec: { a: 1 } };
const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'p' };
const reasonOf = (work: Promise<unknown>) => work.then(() => 'none', clusterReason);

describe('a cluster of objects', () => {
  it('writes by compare-and-swap', async () => {
    const cluster = createObjectCluster([pod]);
    const first = await cluster.get(ref);
    if (first === undefined) throw new Error('no pod');
    await cluster.replace({ ...first, spec: { a: 2 } });
    expect(await reasonOf(cluster.replace({ ...first, spec: { a: 3 } }))).toBe('Conflict');
    expect(await reasonOf(cluster.create(pod))).toBe('AlreadyExists');
    expect(await reasonOf(cluster.delete(ref, { uid: 'other', resourceVersion: '1' }))).toBe('Conflict');
    const { uid = '', resourceVersion = '' } = metaOf(await cluster.get(ref));
    expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(true);
    expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(false);
    expect(await reasonOf(cluster.replace(first))).toBe('NotFound');
    await cluster.create(pod);
    expect(metaOf(await cluster.get(ref)).uid).not.toBe(uid);
  });

  it('changes nothing in a dry run', async () => {
    const cluster = createObjectCluster([pod]);
    const before = await cluster.get(ref);
    await cluster.replace({ ...before, spec: {} }, { dryRun: true });
    await cluster.create({ ...pod, metadata: { name: 'q', namespace: 'n' } }, { dryRun: true });
    expect(await cluster.list({ group: '', kind: 'Pod' })).toEqual([before]);
  });
});

describe('differences', () => {
  it('leave out what the server sets and how an object is shown', () => {
    const stored = {
      ...pod,
      apiVersion: 'v2',
      status: { x: 1 },
      metadata: { ...(pod.metadata as object), uid: 'u', resourceVersion: '5' },
    };
    expect(contentOf(stored)).toBe(contentOf(pod));
    expect(contentOf({ ...pod, metadata: { ...(pod.metadata as object), labels: {} } })).not.toBe(contentOf(pod));
    expect(differences([pod], [stored])).toEqual([]);
  });

  it('name what is gone, new or other', () => {
    const other = { ...pod, metadata: { name: 'q', namespace: 'n' } };
    expect(differences([pod], [other]).map((text) => text.split(':')[0])).toEqual(['Pod n/p is gone', 'Pod n/q is left']);
    expect(differences([pod], [{ ...pod, spec: { a: 2 } }])[0]).toContain('Pod n/p was');
    expect(differences([pod], [other], ({ kind }) => kind !== 'Pod')).toEqual([]);
  });
});
