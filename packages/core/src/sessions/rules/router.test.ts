import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/sessions/manual-clock.js';
import { ClusterError } from '../../errors/cluster-error.js';
import type { Plan } from '../../plan/types.js';
import { TIMING } from '../timing.js';
import { Router } from './router.js';

const done = { done: {} as Plan, wrote: false };

function routing() {
  const clock = new ManualClock();
  const told: string[] = [];
  const written: string[] = [];
  const state = { reachable: true };
  const router = new Router({
    clock,
    timing: TIMING,
    write: async (wanted) => {
      written.push(wanted);
      if (!state.reachable) throw new ClusterError({ reason: 'Unreachable', status: 0, message: 'the network is down' });
      return done;
    },
    onMoved: (wanted) => told.push(`moved ${wanted}`),
    onReEncoded: () => told.push('re-encoded'),
    onSettled: () => told.push('settled'),
    onDrifted: (why) => told.push(`drifted ${why}`),
    onError: (error) => told.push(`error ${error.message}`),
  });
  return { clock, told, written, state, router };
}

describe('Router', () => {
  it('says that the rules are in also when they never went out, since nobody could be reached to withdraw them', async () => {
    const { clock, told, written, state, router } = routing();
    state.reachable = false;
    router.want('out');
    await expect.poll(() => written).toEqual(['out']);
    router.want('in');
    state.reachable = true;
    await clock.advance(TIMING.backOffMaxMs);
    await expect.poll(() => told).toEqual(['moved in']);
    expect(written).toEqual(['out', 'in']);
    await router.close();
  });

  it('says nothing of having moved when only others changed something', async () => {
    const { clock, told, router } = routing();
    router.changed({ ref: { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'shop' }, by: 'kubectl' });
    await clock.advance(2 * TIMING.driftDebounceMs);
    await expect.poll(() => told).toEqual(['settled']);
    await router.close();
  });
});
