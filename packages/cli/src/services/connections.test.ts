import type { Cluster } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { createConnections } from './connections.js';

const open = (flags: Parameters<typeof createConnections>[0]['flags']) =>
  createConnections({
    flags,
    config: () => ({ clusters: { eu: { context: 'eu-*' } } }),
    listContexts: async () => [{ name: 'eu-1', cluster: 'x', namespace: 'shop', current: true }],
    connectCluster: async () => ({ name: 'x' }) as unknown as Cluster,
  }).open();

describe('a connection', () => {
  it('tells how another command reaches the same cluster: as this one was told to', async () => {
    expect((await open({})).flags).toBe('');
    expect((await open({ namespace: 'bank', context: 'eu-1' })).flags).toBe(' --context eu-1');
    expect((await open({ cluster: 'eu', kubeconfig: "/tmp/my clusters/it's" })).flags).toBe(
      " --kubeconfig '/tmp/my clusters/it'\\''s' --cluster eu",
    );
  });
});
