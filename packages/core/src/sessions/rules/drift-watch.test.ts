import { type Cluster, type KubeObject, metaOf, queryKey } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import { describe, expect, it } from 'vitest';
import { breathe } from '../../../test/sessions/manual-clock.js';
import { lastManager, routingQueries, versionKey, watchDrift } from './drift-watch.js';

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { ports: [{ port: 80 }] },
};
const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' };

/** `before`: what somebody does after the rules were written and before the watch has begun. */
async function watching(before: (cluster: Cluster) => Promise<unknown> = async () => undefined) {
  const cluster = createClusterRig({ objects: [service] }).cluster();
  const query = { group: '', kind: 'Service' };
  const known = new Map([[queryKey(query), { objects: await cluster.list(query) }]]);
  await before(cluster);
  const over = new AbortController();
  const seen: string[] = [];
  const own = new Set<string>();
  const done = watchDrift(
    cluster,
    [query],
    over.signal,
    known,
    (object) => own.has(versionKey(object)),
    ({ ref: { name }, by }) => seen.push(`${name} by ${by}`),
  );
  await breathe();
  const change = async (fields: Record<string, unknown>, ours = false) => {
    const live = (await cluster.get(ref)) ?? {};
    const { metadata, ...content } = fields;
    const stored = await cluster.replace({
      ...live,
      ...content,
      metadata: { ...(live.metadata as object), ...(metadata as object | undefined) },
    });
    if (ours) own.add(versionKey(stored));
    await breathe();
  };
  return { cluster, seen, own, change, end: () => over.abort(), done };
}

describe('watchDrift', () => {
  it('tells changes, not what was there and not what is our own', async () => {
    const { seen, change, end, done } = await watching();
    expect(seen).toEqual([]);
    await change({ spec: { ports: [{ port: 81 }] } });
    expect(seen).toEqual(['web by somebody']);
    end();
    await done;
  });

  it('tells what changed before it began', async () => {
    const replaced = await watching(async (cluster) => {
      const live = (await cluster.get(ref)) ?? {};
      await cluster.replace({ ...live, spec: { ports: [{ port: 82 }] } });
    });
    const deleted = await watching(async (cluster) => {
      const { uid = '', resourceVersion = '' } = metaOf(await cluster.get(ref));
      await cluster.delete(ref, { uid, resourceVersion });
    });
    const created = await watching((cluster) => cluster.create({ ...service, metadata: { namespace: 'shop', name: 'new' } }));
    expect([replaced, deleted, created].map(({ seen }) => seen)).toEqual([['web by somebody'], ['web by somebody'], ['new by somebody']]);
    for (const one of [replaced, deleted, created]) {
      one.end();
      await one.done;
    }
  });

  it('does not tell of what routing cannot depend on', async () => {
    const { seen, change, end, done } = await watching();
    await change({ metadata: { managedFields: [{ manager: 'x' }] } });
    await change({ status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } });
    expect(seen).toEqual([]);
    await change({ metadata: { annotations: { a: 'b' } } });
    expect(seen).toEqual(['web by x']);
    end();
    await done;
  });

  it('tells of a deletion', async () => {
    const { seen, cluster, end, done } = await watching();
    const { uid = '', resourceVersion = '' } = metaOf(await cluster.get(ref));
    await cluster.delete(ref, { uid, resourceVersion });
    await breathe();
    expect(seen).toEqual(['web by somebody']);
    end();
    await done;
  });
});

describe('routingQueries', () => {
  it('leaves out what changes all the time', () => {
    const queries = [
      { group: '', kind: 'Pod' },
      { group: '', kind: 'Service' },
      { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
      { group: 'mesh.example', kind: 'Pod' },
    ];
    expect(routingQueries(queries)).toEqual([queries[1], queries[3]]);
  });
});

describe('lastManager', () => {
  it('is whoever wrote last', () => {
    const managedFields = [
      { manager: 'kubectl', time: '2026-01-01T00:00:00Z' },
      { manager: 'argocd', time: '2026-01-02T00:00:00Z' },
      { manager: 'helm', time: '2025-01-01T00:00:00Z' },
    ];
    expect(lastManager({ metadata: { managedFields } })).toBe('argocd');
    expect(lastManager({ metadata: {} })).toBe('somebody');
  });
});
