import type { KubeObject } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/sessions/manual-clock.js';
import { cannotTell, person } from '../../test/sessions/people.js';
import { claimLease } from './claim.js';
import type { SessionRecord } from './lease/record.js';
import { leaseRef } from './names.js';
import { TIMING } from './timing.js';

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

function record(id: string, user: string): SessionRecord {
  return {
    version: 1,
    kind: 'session',
    id,
    namespace: 'shop',
    service: 'web',
    ports: [80],
    adapter: 'istio',
    views: 'all',
    match: { headers: [{ name: 'x-dev', is: { exact: 'same' } }] },
    state: 'planned',
    startedBy: person(user),
    holder: person(user),
    createdAt: '',
    objects: [],
    rules: [],
  };
}

function setUp() {
  const clock = new ManualClock();
  const rig = createClusterRig({ now: clock.now, objects: [namespace] });
  const claim = (id: string, user: string) => {
    const deps = { cluster: rig.cluster(user), clock, timing: TIMING, identity: person(user) };
    return claimLease(deps, record(id, user), cannotTell, new AbortController().signal);
  };
  const leases = () => rig.cluster().list({ group: 'coordination.k8s.io', kind: 'Lease' });
  return { clock, rig, claim, leases };
}

describe('claimLease', () => {
  it('lets exactly one of several through, in whatever order their requests arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom('m1', 'm2', 'm3', 'm4'), { minLength: 2, maxLength: 4 }),
        fc.scheduler(),
        async (ids, scheduler) => {
          const { rig, claim, leases } = setUp();
          rig.faults.add(async (request, phase) => {
            if (request.client !== 'test') await scheduler.schedule(Promise.resolve(), `${request.client} ${request.verb} ${phase}`);
          });
          const claims = ids.map((id) => claim(id, `user-${id}`));
          const passed = Promise.allSettled(
            claims.map(async (one) => {
              const holder = await one;
              // From here on it is no longer `planned`, and later ones must withdraw.
              await holder.update((before) => ({ ...before, state: 'provisioning' }));
              return holder;
            }),
          );
          let over = false;
          void passed.then(() => {
            over = true;
          });
          while (!over) {
            if (scheduler.count() > 0) await scheduler.waitOne();
            else await new Promise((resolve) => setTimeout(resolve, 1));
          }
          const outcomes = await passed;
          expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
          for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'overlap' });
          expect(await leases()).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('withdraws for one that is at work already, however young', async () => {
    const { claim, leases, clock } = setUp();
    const from = clock.monotonic();
    const first = await claim('m9', 'bob');
    await first.update((before) => ({ ...before, state: 'active' }));
    await expect(claim('m1', 'alice')).rejects.toMatchObject({
      code: 'overlap',
      exit: 'refused',
      message: expect.stringContaining('bob@bob-laptop'),
    });
    expect(clock.monotonic()).toBe(from);
    expect(await leases()).toHaveLength(1);
  });

  it('does not wait for ever for a younger one that died before it decided', async () => {
    const { claim, rig, clock } = setUp();
    rig.faults.crash('bob', 3);
    void claim('m9', 'bob').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const from = clock.monotonic();
    await expect(claim('m1', 'alice')).rejects.toMatchObject({ code: 'overlap' });
    expect(clock.monotonic() - from).toBeGreaterThanOrEqual(TIMING.withdrawMs);
  });

  it('leaves no Lease behind when the answer to its creation is lost', async () => {
    const { claim, rig } = setUp();
    rig.faults.add(({ verb }, phase) => {
      if (verb === 'create' && phase === 'after') throw new Error('connection reset');
    });
    await expect(claim('m1', 'alice')).rejects.toThrow('connection reset');
    expect(await rig.cluster().get(leaseRef('shop', 'm1'))).toBeUndefined();
  });

  it("does not take another's Lease for its own when the creation fails", async () => {
    const { claim, rig } = setUp();
    await claim('m1', 'bob');
    rig.faults.add(({ verb, client }, phase) => {
      if (verb === 'create' && client === 'alice' && phase === 'before') throw new Error('connection reset');
    });
    await expect(claim('m1', 'alice')).rejects.toThrow('connection reset');
    expect(await rig.cluster().get(leaseRef('shop', 'm1'))).toBeDefined();
  });
});
