import { clusterReason, type KubeObject } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/sessions/manual-clock.js';
import { person } from '../../../test/sessions/people.js';
import { askToStop } from '../ask-to-stop.js';
import { leaseRef, RECORD_ANNOTATION } from '../names.js';
import { TIMING } from '../timing.js';
import { LeaseHolder } from './lease-holder.js';
import { type LeaseView, readLease } from './lease-object.js';
import type { SessionRecord } from './record.js';

const alice = person('alice');
const bob = person('bob');
const ref = leaseRef('shop', 'm1');
const record: SessionRecord = {
  version: 1,
  kind: 'session',
  id: 'm1',
  namespace: 'shop',
  service: 'tomcat',
  ports: [80],
  adapter: 'istio',
  views: 'all',
  match: {},
  state: 'planned',
  startedBy: alice,
  holder: alice,
  createdAt: '',
  objects: [],
  rules: [],
};

async function setUp() {
  const clock = new ManualClock();
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const rig = createClusterRig({ now: clock.now, objects: [namespace] });
  const cluster = rig.cluster('alice');
  const deps = { cluster, clock, timing: TIMING, identity: alice };
  const holder = await LeaseHolder.create(deps, record);
  const read = async (): Promise<LeaseView> => {
    const lease = readLease((await cluster.get(ref)) ?? {});
    if (lease === undefined) throw new Error('no Lease');
    return lease;
  };
  const take = async () => LeaseHolder.takeOver({ ...deps, identity: bob }, await read(), record);
  return { clock, rig, cluster, holder, read, take };
}

describe('LeaseHolder', () => {
  it('writes holder, times and record, with the built-in Lease alone', async () => {
    const { read, clock } = await setUp();
    const lease = await read();
    expect(lease.record).toEqual(record);
    expect(lease.renewedAt).toBe(clock.now());
    expect(lease.object.spec).toMatchObject({ leaseDurationSeconds: 300, leaseTransitions: 0, renewTime: '2026-11-24T08:00:00.000000Z' });
  });

  it("renews in the API server's time", async () => {
    const { holder, read, clock } = await setUp();
    await clock.advance(30_000);
    await holder.update((before) => ({ ...before, state: 'active' }));
    expect(await read()).toMatchObject({ renewedAt: clock.now(), record: { state: 'active' } });
  });

  it('keeps what others wrote into the Lease', async () => {
    const { holder, read, cluster } = await setUp();
    await askToStop(cluster, record);
    await holder.renew();
    expect((await read()).stopAsked).toBe('asked');
  });

  it('renews before a shared write only when the last renewal is a third of the duration old', async () => {
    const { holder, clock, rig } = await setUp();
    const writes = () => rig.faults.requests.filter(({ verb }) => verb === 'update').length;
    await clock.advance(99_000);
    await holder.ensureFresh();
    expect(writes()).toBe(0);
    await clock.advance(1_000);
    await holder.ensureFresh();
    expect(writes()).toBe(1);
    expect(holder.age()).toBe(0);
  });

  it('counts the time that the machine slept', async () => {
    const { holder, clock, rig } = await setUp();
    clock.suspend(100_000);
    expect(holder.age()).toBe(100_000);
    await holder.ensureFresh();
    expect(rig.faults.requests.some(({ verb }) => verb === 'update')).toBe(true);
  });

  it('does not call a renewal fresh that took too long', async () => {
    const { holder, clock, rig } = await setUp();
    await clock.advance(120_000);
    let slow = 2;
    rig.faults.add(({ verb }, phase) => {
      if (verb === 'update' && phase === 'after' && slow-- > 0) clock.suspend(150_000);
    });
    await holder.ensureFresh();
    expect(rig.faults.requests.filter(({ verb }) => verb === 'update')).toHaveLength(3);
  });

  it('is lost to whoever takes it, for good', async () => {
    const { holder, take, read } = await setUp();
    const other = await take();
    expect(other?.record).toMatchObject({ state: 'draining', holder: bob, startedBy: alice });
    expect((await read()).transitions).toBe(1);
    await expect(holder.ensureFresh()).resolves.toBeUndefined();
    await expect(holder.renew()).rejects.toMatchObject({ code: 'session-lost', message: expect.stringContaining('bob@bob-laptop') });
    await expect(holder.ensureFresh()).rejects.toMatchObject({ code: 'session-lost' });
    await expect(holder.release()).rejects.toMatchObject({ code: 'session-lost' });
    expect((await read()).record?.holder).toEqual(bob);
  });

  it('goes to one of two cleaners only', async () => {
    const { cluster, clock, read } = await setUp();
    const lease = await read();
    const cleaners = [bob, person('carol')].map((identity) =>
      LeaseHolder.takeOver({ cluster, clock, timing: TIMING, identity }, lease, record),
    );
    const taken = (await Promise.all(cleaners)).filter((holder) => holder !== undefined);
    expect(taken).toHaveLength(1);
    expect((await read()).record?.holder).toEqual(taken[0]?.record.holder);
  });

  it('cannot be taken once it was renewed', async () => {
    const { holder, read, cluster, clock } = await setUp();
    const lease = await read();
    await clock.advance(1_000);
    await holder.renew();
    expect(await LeaseHolder.takeOver({ cluster, clock, timing: TIMING, identity: bob }, lease, record)).toBeUndefined();
  });

  it.each([
    ['deleted', false],
    ['deleted and made anew', true],
  ])('is lost when it is %s', async (_how, anew) => {
    const { holder, cluster, read, clock } = await setUp();
    const { uid, resourceVersion, object } = await read();
    await clock.advance(1_000);
    await cluster.delete(ref, { uid, resourceVersion });
    const { uid: _uid, resourceVersion: _version, ...metadata } = object.metadata as Record<string, unknown>;
    if (anew) await cluster.create({ ...object, metadata });
    await expect(holder.renew()).rejects.toMatchObject({ code: 'session-lost' });
    expect(holder.lost).toEqual({ why: 'gone' });
  });

  it('survives an answer that got lost: the write is found on the next one', async () => {
    const { holder, clock, rig, read } = await setUp();
    await clock.advance(1_000);
    const remove = rig.faults.add((request, phase) => {
      if (request.verb === 'update' && phase === 'after') throw new Error('connection reset');
    });
    await expect(holder.update((before) => ({ ...before, state: 'ready' }))).rejects.toThrow('connection reset');
    remove();
    await clock.advance(1_000);
    await holder.update((before) => ({ ...before, state: 'routing' }));
    expect((await read()).record?.state).toBe('routing');
  });

  it('deletes its own Lease even if somebody touched it meanwhile, and nobody else’s', async () => {
    const { holder, cluster } = await setUp();
    await askToStop(cluster, record);
    await holder.release();
    expect(await cluster.get(ref)).toBeUndefined();
    await expect(holder.release()).resolves.toBeUndefined();
  });

  it('refuses an id that is taken', async () => {
    const { cluster, clock } = await setUp();
    const second = LeaseHolder.create({ cluster, clock, timing: TIMING, identity: bob }, record);
    await expect(second.catch((error: unknown) => clusterReason(error))).resolves.toBe('AlreadyExists');
  });
});

describe('readLease', () => {
  it('says why a record cannot be read', async () => {
    const { read } = await setUp();
    const { object } = await read();
    const metadata = object.metadata as Record<string, unknown>;
    expect(readLease({ ...object, metadata: { ...metadata, annotations: { [RECORD_ANNOTATION]: 'x' } } })?.problem).toContain(
      'expected JSON',
    );
    expect(readLease({ ...object, metadata: { ...metadata, annotations: {} } })?.problem).toContain('no annotation');
    expect(readLease({ ...object, metadata: { ...metadata, name: 'leader' } })).toBeUndefined();
  });
});
