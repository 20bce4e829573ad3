import { clusterReason, type KubeObject, metaOf } from '@heddle/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KindSpec } from './kinds.js';
import { Store } from './store.js';

const route = (name: string, spec: unknown = { n: 1 }, more: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'example.dev/v1',
  kind: 'Route',
  metadata: { name, namespace: 'shop', ...more },
  spec,
});

const reasonOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return { reason: clusterReason(error), message: (error as Error).message };
  }
  return undefined;
};

describe('Store', () => {
  let store: Store;
  let routes: KindSpec;
  let pods: KindSpec;
  const kind = (name: string) => {
    const found = store.kinds.all.find((spec) => spec.kind === name);
    if (found === undefined) throw new Error(`no kind ${name}`);
    return found;
  };

  beforeEach(() => {
    store = new Store({
      kinds: [{ group: 'example.dev', kind: 'Route', plural: 'routes', namespaced: true, versions: ['v1', 'v1alpha1'] }],
      now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      pruned: [{ group: 'example.dev', kind: 'Route', fields: ['spec.list.*.new'] }],
      gracefulPods: true,
    });
    routes = kind('Route');
    pods = kind('Pod');
    store.create(kind('Namespace'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  });

  it('sets what the server sets, and takes no status or uid from the client', () => {
    const stored = store.create(routes, { ...route('a', { n: 1 }, { uid: 'mine' }), status: { ok: true } });
    const meta = metaOf(stored);
    expect(meta.creationTimestamp).toBe('2026-01-02T03:04:05Z');
    expect(meta.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(meta.resourceVersion).toBe(String(store.revision));
    expect(stored.metadata).toMatchObject({ generation: 1 });
    expect(stored.status).toBeUndefined();
  });

  it('refuses a taken name, a missing namespace, bad names and a resourceVersion on create', () => {
    store.create(routes, route('a'));
    expect(reasonOf(() => store.create(routes, route('a')))).toEqual({
      reason: 'AlreadyExists',
      message: 'routes.example.dev "a" already exists',
    });
    expect(reasonOf(() => store.create(routes, route('b', {}, { namespace: 'nope' })))?.message).toBe('namespaces "nope" not found');
    expect(reasonOf(() => store.create(routes, route('A_b')))?.message).toMatch(
      /^Route.example.dev "A_b" is invalid: metadata.name: Invalid/,
    );
    expect(reasonOf(() => store.create(routes, route('b', {}, { labels: { k: 'x'.repeat(64) } })))?.reason).toBe('Invalid');
    expect(reasonOf(() => store.create(routes, route('b', {}, { resourceVersion: '7' })))?.message).toBe(
      'resourceVersion should not be set on objects to be created',
    );
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a.b', namespace: 'shop' }, spec: {} };
    expect(reasonOf(() => store.create(kind('Service'), service))?.message).toContain('lowercase RFC 1123 label');
  });

  it('replaces only the version that was read', () => {
    const first = store.create(routes, route('a'));
    const second = store.update(routes, { ...first, spec: { n: 2 } });
    expect(second.metadata).toMatchObject({ generation: 2 });
    const stale = reasonOf(() => store.update(routes, { ...first, spec: { n: 3 } }));
    expect(stale).toEqual({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on routes.example.dev "a": the object has been modified; please apply your changes to the latest version and try again',
    });
    const other = reasonOf(() => store.update(routes, route('a', {}, { uid: 'x', resourceVersion: metaOf(second).resourceVersion })));
    expect(other?.message).toContain('AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta:');
    expect(reasonOf(() => store.update(routes, route('a')))?.message).toBe(
      'routes.example.dev "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    expect(reasonOf(() => store.update(routes, route('zz', {}, { resourceVersion: '1' })))?.reason).toBe('NotFound');
  });

  it('does not count a write that changes nothing, nor metadata in generation', () => {
    const first = store.create(routes, route('a'));
    const revision = store.revision;
    expect(store.update(routes, { ...first, apiVersion: 'example.dev/v1alpha1' })).toBe(first);
    expect(store.revision).toBe(revision);
    const labelled = store.update(routes, { ...first, metadata: { ...(first.metadata as object), labels: { a: 'b' } } });
    expect(labelled.metadata).toMatchObject({ generation: 1, labels: { a: 'b' } });
  });

  it('stores nothing on a dry run', () => {
    const revision = store.revision;
    expect(metaOf(store.create(routes, route('a'), { dryRun: true })).resourceVersion).toBeUndefined();
    const first = store.create(routes, route('b'));
    expect(store.update(routes, { ...first, spec: { n: 9 } }, { dryRun: true }).spec).toEqual({ n: 9 });
    store.delete(routes, { namespace: 'shop', name: 'b' }, { dryRun: true });
    expect(store.list(routes)).toEqual([first]);
    expect(store.revision).toBe(revision + 1);
  });

  it('keeps the status out of ordinary writes, and everything else out of status writes', () => {
    const first = store.create(routes, route('a'));
    const second = store.update(routes, { ...first, spec: { n: 5 }, status: { ready: true } }, { part: 'status' });
    expect(second).toMatchObject({ spec: { n: 1 }, status: { ready: true } });
    const third = store.update(routes, { ...second, spec: { n: 6 }, status: undefined });
    expect(third).toMatchObject({ spec: { n: 6 }, status: { ready: true } });
  });

  it('prunes the fields that it was told to', () => {
    const stored = store.create(routes, route('a', { list: [{ old: 1, new: 2 }, { new: 3 }] }));
    expect(stored.spec).toEqual({ list: [{ old: 1 }, {}] });
  });

  it('checks the preconditions of a delete, in the words of the server', () => {
    const first = store.create(routes, route('a'));
    const key = { namespace: 'shop', name: 'a' };
    expect(reasonOf(() => store.delete(routes, key, { uid: 'zzz' }))?.message).toBe(
      `Operation cannot be fulfilled on Route.example.dev "a": the UID in the precondition (zzz) does not match the UID in record (${metaOf(first).uid}). The object might have been deleted and then recreated`,
    );
    expect(reasonOf(() => store.delete(routes, key, { resourceVersion: '12' }))?.reason).toBe('Conflict');
    const removed = store.delete(routes, key, { uid: String(metaOf(first).uid), resourceVersion: String(metaOf(first).resourceVersion) });
    expect(Number(metaOf(removed).resourceVersion)).toBe(store.revision);
    expect(store.find(routes, key)).toBeUndefined();
  });

  it('deletes what an object owned, unless another owner lives, and what points to no living owner', async () => {
    const owner = store.create(routes, route('owner'));
    const other = store.create(routes, route('other'));
    const refs = (...owners: KubeObject[]) => ({ ownerReferences: owners.map((o) => ({ uid: metaOf(o).uid, name: metaOf(o).name })) });
    store.create(routes, route('mine', {}, refs(owner)));
    store.create(routes, route('shared', {}, refs(owner, other)));
    store.create(routes, route('dangling', {}, { ownerReferences: [{ uid: 'gone' }] }));
    await Promise.resolve();
    expect(store.list(routes).map((o) => metaOf(o).name)).toEqual(['mine', 'other', 'owner', 'shared']);
    store.delete(routes, { namespace: 'shop', name: 'owner' });
    expect(store.list(routes).map((o) => metaOf(o).name)).toEqual(['other', 'shared']);
    store.delete(routes, { namespace: 'shop', name: 'other' }, { orphan: true });
    const [shared, ...rest] = store.list(routes);
    expect(rest).toEqual([]);
    expect(metaOf(shared).ownerReferences).toEqual([]);
  });

  it('empties a namespace with it', () => {
    store.create(routes, route('a'));
    store.delete(kind('Namespace'), { name: 'shop' });
    expect(store.list(routes)).toEqual([]);
  });

  it('only marks what ends gracefully or has finalizers', () => {
    store.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop' }, spec: { containers: [] } });
    const key = { namespace: 'shop', name: 'p' };
    const marked = store.delete(pods, key);
    expect(metaOf(marked).deletionTimestamp).toBe('2026-01-02T03:04:05Z');
    expect(store.delete(pods, key)).toBe(marked);
    store.delete(pods, key, { now: true });
    expect(store.find(pods, key)).toBeUndefined();

    store.create(routes, route('f', {}, { finalizers: ['x/y'] }));
    const waiting = store.delete(routes, { namespace: 'shop', name: 'f' });
    store.update(routes, { ...waiting, metadata: { ...(waiting.metadata as object), finalizers: [] } });
    expect(store.find(routes, { namespace: 'shop', name: 'f' })).toBeUndefined();
  });

  it('fills in what the server fills in', () => {
    const service = store.create(kind('Service'), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'shop' },
      spec: { ports: [{ port: 80 }] },
    });
    expect(service.spec).toMatchObject({ type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] });
    const { clusterIP } = service.spec as { clusterIP: string };
    expect(clusterIP).toMatch(/^10\.96\./);
    const { clusterIP: _ip, clusterIPs: _ips, ...spec } = service.spec as Record<string, unknown>;
    expect(store.update(kind('Service'), { ...service, spec }).spec).toMatchObject({ clusterIP });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'shop' }, stringData: { a: 'b' } };
    const stored = store.create(kind('Secret'), secret);
    expect(stored).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
    expect(stored.stringData).toBeUndefined();
  });
});
