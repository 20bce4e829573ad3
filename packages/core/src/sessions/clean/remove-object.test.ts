import { ClusterError, type KubeObject, metaOf } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import { describe, expect, it } from 'vitest';
import { listShadows, removeObject, shadowSelector } from './remove-object.js';

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'shop', name: 'heddle-m1', labels: { 'heddle.dev/session': 'm1' } },
};
const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'heddle-m1' };

async function setUp() {
  const rig = createClusterRig({ objects: [secret] });
  const cluster = rig.cluster();
  const [seen = {}] = await listShadows(cluster, 'shop', shadowSelector('m1'));
  const touch = async () => {
    const live = (await cluster.get(ref)) ?? {};
    await cluster.replace({ ...live, metadata: { ...(live.metadata as object), annotations: { at: String(Math.random()) } } });
  };
  return { rig, cluster, seen, touch };
}

describe('removeObject', () => {
  it('deletes what was seen, though it changed since', async () => {
    const { cluster, seen, touch } = await setUp();
    await touch();
    expect(await removeObject(cluster, seen)).toBe(true);
    expect(await cluster.get(ref)).toBeUndefined();
  });

  it('never deletes another object that took its name', async () => {
    const { cluster, seen } = await setUp();
    const { uid = '', resourceVersion = '' } = metaOf(seen);
    await cluster.delete(ref, { uid, resourceVersion });
    await cluster.create(secret);
    await removeObject(cluster, seen);
    expect(await cluster.get(ref)).toBeDefined();
  });

  it('has nothing to do when it is gone', async () => {
    const { cluster, seen } = await setUp();
    await removeObject(cluster, seen);
    expect(await removeObject(cluster, seen)).toBe(false);
  });

  it('gives up on one that changes all the time', async () => {
    const { rig, cluster, seen, touch } = await setUp();
    rig.faults.add(async ({ verb }, phase) => {
      if (verb === 'delete' && phase === 'before') await touch();
    });
    await expect(removeObject(cluster, seen)).rejects.toThrow('changed by somebody else at each of 8 attempts');
    await expect(removeObject(cluster, seen)).rejects.toBeInstanceOf(ClusterError);
  });
});
