import { type KubeObject, metaOf } from '@heddle/core';
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

async function watching() {
  const cluster = createClusterRig({ objects: [service] }).cluster();
  const over = new AbortController();
  const seen: string[] = [];
  const own = new Set<string>();
  const done = watchDrift(
    cluster,
    [{ group: '', kind: 'Service' }],
    over.signal,
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
