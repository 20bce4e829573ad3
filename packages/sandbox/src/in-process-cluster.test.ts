import { clusterReason, type KubeObject, metaOf, type WatchEvent } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { createClusterRig } from './cluster-rig.js';

const lease = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'shop' },
  spec,
});
const query = { group: 'coordination.k8s.io', kind: 'Lease', namespace: 'shop' };
const rigWithLease = () => createClusterRig({ objects: [lease('old')], now: () => 1_700_000_000_999 });
const reasonOf = (work: Promise<unknown>) => work.then(() => 'none', clusterReason);

describe('createInProcessCluster', () => {
  it('creates, reads, replaces and deletes with preconditions', async () => {
    const cluster = rigWithLease().cluster();
    const made = await cluster.create(lease('l', { holderIdentity: 'me' }));
    expect(await cluster.get({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'shop', name: 'l' })).toEqual(made);
    const next = await cluster.replace({ ...made, spec: { holderIdentity: 'you' } });
    expect(await reasonOf(cluster.replace(made))).toBe('Conflict');
    expect(await reasonOf(cluster.create(lease('l')))).toBe('AlreadyExists');
    const { uid = '', resourceVersion = '' } = metaOf(next);
    const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'shop', name: 'l' };
    expect(await reasonOf(cluster.delete(ref, { uid, resourceVersion: '1' }))).toBe('Conflict');
    expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(true);
    expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(false);
    expect(await cluster.get(ref)).toBeUndefined();
    expect(await reasonOf(cluster.get({ ...ref, kind: 'Nothing' }))).toBe('NotFound');
    expect(await cluster.serverTime()).toBe(1_700_000_000_000);
  });

  it('hands out copies, so that nobody can change what is stored', async () => {
    const cluster = rigWithLease().cluster();
    const [mine] = await cluster.list(query);
    Object.assign((mine as { spec: object }).spec, { holderIdentity: 'changed here only' });
    expect((await cluster.list(query))[0]?.spec).toEqual({});
  });

  it('discovers kinds, and says what it could not read', async () => {
    const rig = rigWithLease();
    rig.faults.deny((check) => check.resource === 'secrets');
    const secrets = { group: '', kind: 'Secret' };
    const unknown = { group: 'example.dev', kind: 'Route' };
    const facts = await rig.cluster().discover([query, secrets, unknown]);
    expect(facts.served).toContainEqual({ group: '', versions: ['v1'], kind: 'Pod', plural: 'pods', namespaced: true });
    expect([...facts.seen.values()]).toMatchObject([{ objects: [{}] }, { unread: 'forbidden' }, { unread: 'no such kind' }]);
  });

  it('watches: what is there, synced, every change, until the signal', async () => {
    const rig = rigWithLease();
    const cluster = rig.cluster();
    const ends = new AbortController();
    const seen: string[] = [];
    const note = ({ type, object }: WatchEvent) => seen.push(`${type} ${metaOf(object).name}`);
    for await (const event of cluster.watch(query, ends.signal)) {
      note(event);
      if (event.type === 'synced') {
        const made = await cluster.create(lease('new'));
        const next = await cluster.replace({ ...made, spec: { holderIdentity: 'x' } });
        const { uid = '', resourceVersion = '' } = metaOf(next);
        await cluster.delete(
          { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'shop', name: 'new' },
          { uid, resourceVersion },
        );
      }
      if (event.type === 'deleted') ends.abort();
    }
    expect(seen).toEqual(['added old', 'synced ', 'added new', 'modified new', 'deleted new']);
  });

  it('is refused what a test denies, in the words of the server, and access reviews say so', async () => {
    const rig = rigWithLease();
    const undo = rig.faults.deny(({ resource, verb }, client) => resource === 'leases' && verb === 'create' && client === 'bob');
    const check = { group: 'coordination.k8s.io', resource: 'leases', verb: 'create', namespace: 'shop' };
    await expect(rig.cluster('bob').create(lease('b'))).rejects.toThrow(
      'leases.coordination.k8s.io "b" is forbidden: User "bob" cannot create resource "leases" in API group "coordination.k8s.io" in the namespace "shop"',
    );
    expect((await rig.cluster('bob').can([check])).checks).toEqual([{ ...check, allowed: false }]);
    expect((await rig.cluster('alice').can([check])).checks).toEqual([{ ...check, allowed: true }]);
    undo();
    await rig.cluster('bob').create(lease('b'));
  });

  it('lets a test reject, delay or lose any request', async () => {
    const rig = rigWithLease();
    const cluster = rig.cluster();
    const remove = rig.faults.add((request, phase) => {
      if (request.verb === 'create' && phase === 'after') throw new Error('the answer was lost');
    });
    await expect(cluster.create(lease('a'))).rejects.toThrow('the answer was lost');
    remove();
    expect(await cluster.list(query)).toHaveLength(2);
    const gaveUp = AbortSignal.timeout(10);
    rig.faults.add(() => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(await reasonOf(cluster.create(lease('b'), { signal: gaveUp }))).toBe('Timeout');
  });

  it.each(['before', 'after'] as const)('a client that dies %s its second request gets no answer any more', async (phase) => {
    const rig = rigWithLease();
    const crash = rig.faults.crash('alice', 2, phase);
    const alice = rig.cluster('alice');
    await alice.create(lease('one'));
    const dead = alice.create(lease('two'));
    expect(await crash.reached).toMatchObject({ verb: 'create', name: 'two', client: 'alice' });
    const later = alice.create(lease('three'));
    const settled = await Promise.race([dead, later, new Promise((resolve) => setTimeout(resolve, 20, 'hanging'))]);
    expect(settled).toBe('hanging');
    const names = (await rig.cluster('bob').list(query)).map((object) => metaOf(object).name);
    expect(names).toEqual(phase === 'before' ? ['old', 'one'] : ['old', 'one', 'two']);
    crash.revive();
    await alice.create(lease('four'));
  });

  it('is of no use after close', async () => {
    const cluster = rigWithLease().cluster();
    await cluster.close();
    expect(await reasonOf(cluster.list(query))).toBe('Unreachable');
  });
});
