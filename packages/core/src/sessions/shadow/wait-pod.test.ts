import { type KubeObject, metaOf } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import { describe, expect, it } from 'vitest';
import { breathe, ManualClock } from '../../../test/sessions/manual-clock.js';
import { waitForPod } from './wait-pod.js';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: 'heddle-web-m1' },
  spec: { containers: [{ name: 'agent', image: 'a' }] },
};
const ref = { namespace: 'shop', name: 'heddle-web-m1' };

function waiting(signal = new AbortController().signal) {
  const clock = new ManualClock();
  const rig = createClusterRig({ now: clock.now, objects: [pod] });
  const cluster = rig.cluster();
  const progress: string[] = [];
  const options = { timeoutMs: 60_000, signal, agent: 'agent', onProgress: (message: string) => progress.push(message) };
  const result = waitForPod({ cluster, clock }, ref, (status) => status.ready, options);
  result.catch(() => undefined);
  const report = async (status: Record<string, unknown>) => {
    const kind = rig.store.kinds.byKind('', 'Pod');
    if (kind === undefined) throw new Error('no pods');
    rig.store.update(kind, { ...rig.store.get(kind, ref), status }, { part: 'status' });
    await breathe();
  };
  return { clock, cluster, progress, result, report };
}

describe('waitForPod', () => {
  it('tells each new phase once and resolves with the ready pod', async () => {
    const { result, report, progress } = waiting();
    await report({ phase: 'Pending', containerStatuses: [{ name: 'agent', state: { waiting: { reason: 'ContainerCreating' } } }] });
    await report({
      phase: 'Pending',
      startTime: 'x',
      containerStatuses: [{ name: 'agent', state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    await report({ phase: 'Running', containerStatuses: [{ name: 'agent', state: { running: {} } }] });
    await report({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
    expect(metaOf(await result).name).toBe('heddle-web-m1');
    expect(progress.slice(-2)).toEqual([
      'waiting for pod heddle-web-m1 (agent: ContainerCreating)',
      'waiting for pod heddle-web-m1 (agent: running, not ready)',
    ]);
  });

  it('does not wait when it cannot help', async () => {
    const { result, report } = waiting();
    await report({
      phase: 'Pending',
      containerStatuses: [{ name: 'agent', image: 'a', state: { waiting: { reason: 'ErrImageNeverPull' } } }],
    });
    await expect(result).rejects.toMatchObject({ code: 'image-pull' });
  });

  it('says why no node took it when the time is up', async () => {
    const { result, report, clock } = waiting();
    await report({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' }],
    });
    await clock.advance(60_000);
    await expect(result).rejects.toMatchObject({ code: 'unschedulable', exit: 'cluster', message: expect.stringContaining('0/1 nodes') });
  });

  it('says how far it came when the time is up', async () => {
    const { result, report, clock } = waiting();
    await report({ phase: 'Running', containerStatuses: [{ name: 'agent', state: { running: {} } }] });
    await clock.advance(59_999);
    await clock.advance(1);
    await expect(result).rejects.toMatchObject({
      code: 'pod-timeout',
      message: 'Pod heddle-web-m1 was not ready after 60 s (agent: running, not ready)',
    });
  });

  it('notices that somebody deleted it', async () => {
    const { result, cluster } = waiting();
    await breathe();
    const { uid = '', resourceVersion = '' } = metaOf(await cluster.get({ apiVersion: 'v1', kind: 'Pod', ...ref }));
    await cluster.delete({ apiVersion: 'v1', kind: 'Pod', ...ref }, { uid, resourceVersion });
    await expect(result).rejects.toMatchObject({ code: 'pod-deleted' });
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const { result } = waiting(abort.signal);
    await breathe();
    abort.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
  });
});
