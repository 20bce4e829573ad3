import { type KubeObject, metaOf } from '@heddle/core';
import { expect, test } from 'vitest';
import { connectCluster } from '../../src/index.js';
import { preconditionOf, useNamespace } from './support.js';

const space = useNamespace();

const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: space.name, name });
const service = (name: string, apiVersion = 'networking.istio.io/v1') => ({
  apiVersion,
  kind: 'VirtualService',
  namespace: space.name,
  name,
});
const route = { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] };

test('a ConfigMap from its creation to its deletion', async () => {
  const { cluster } = space;
  const created = await space.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'ä' } });
  expect(created).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'ä' } });
  expect(await cluster.get(map('a'))).toEqual(created);
  const replaced = await cluster.replace({ ...created, data: { k: '2' } });
  expect(metaOf(replaced).resourceVersion).not.toBe(metaOf(created).resourceVersion);
  await expect(cluster.replace({ ...created, data: { k: '3' } })).rejects.toMatchObject({ reason: 'Conflict', status: 409 });
  await expect(cluster.delete(map('a'), preconditionOf(created))).rejects.toMatchObject({ reason: 'Conflict' });
  const other = { uid: '00000000-0000-0000-0000-000000000000', resourceVersion: preconditionOf(replaced).resourceVersion };
  await expect(cluster.delete(map('a'), other)).rejects.toMatchObject({ reason: 'Conflict' });
  expect(await cluster.delete(map('a'), preconditionOf(replaced))).toBe(true);
  expect(await cluster.delete(map('a'), preconditionOf(replaced))).toBe(false);
  expect(await cluster.get(map('a'))).toBeUndefined();
  await expect(cluster.replace(replaced)).rejects.toMatchObject({ reason: 'NotFound' });
});

test('the writer is named in managedFields', async () => {
  const created = await space.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'managed' }, data: { k: '1' } });
  const { managedFields } = created.metadata as { managedFields?: { manager: string }[] };
  expect(managedFields?.map(({ manager }) => manager)).toEqual(['heddle']);
});

test('a name that is taken, and an object made anew under the same name', async () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'twice' } };
  const first = await space.make(body);
  await expect(space.make(body)).rejects.toMatchObject({ reason: 'AlreadyExists', status: 409 });
  await space.remove(map('twice'));
  await space.make(body);
  await expect(space.cluster.replace(first)).rejects.toMatchObject({ reason: 'Conflict' });
});

test('a dry run checks and defaults, and stores nothing', async () => {
  const { cluster, name: namespace } = space;
  const body = (ports: unknown) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'dry', namespace },
    spec: { ports, selector: { a: 'b' } },
  });
  const shown = await cluster.create(body([{ port: 80 }]), { dryRun: true });
  expect(shown).toMatchObject({ spec: { type: 'ClusterIP', ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] } });
  await expect(cluster.create(body([{ port: 99_999 }]), { dryRun: true })).rejects.toMatchObject({ reason: 'Invalid', status: 422 });
  expect(await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'dry' })).toBeUndefined();
  const kept = await space.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'dry' }, data: { k: '1' } });
  expect(await cluster.replace({ ...kept, data: { k: '2' } }, { dryRun: true })).toMatchObject({ data: { k: '2' } });
  expect(await cluster.delete(map('dry'), preconditionOf(kept), { dryRun: true })).toBe(true);
  expect(await cluster.get(map('dry'))).toEqual(kept);
});

test('a VirtualService, in every version that is served', async () => {
  const { cluster } = space;
  const created = await space.make({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'VirtualService',
    metadata: { name: 'reviews' },
    spec: route,
  });
  expect(created).toMatchObject({ apiVersion: 'networking.istio.io/v1alpha3', spec: route });
  expect(await cluster.get(service('reviews'))).toMatchObject({ apiVersion: 'networking.istio.io/v1', spec: route });
  const query = { group: 'networking.istio.io', kind: 'VirtualService', namespace: space.name };
  expect((await cluster.list(query)).map(({ apiVersion }) => apiVersion)).toEqual(['networking.istio.io/v1']);
  const [old] = await cluster.list(query, { apiVersion: 'networking.istio.io/v1beta1' });
  expect(old).toMatchObject({ apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService' });
  const weighted = { ...route, http: [{ route: [{ destination: { host: 'reviews' }, weight: 100 }] }] };
  const replaced = await cluster.replace({ ...old, spec: weighted });
  expect(replaced).toMatchObject({ spec: weighted });
  expect(await space.remove(service('reviews'))).toBe(true);
  await expect(cluster.get(service('reviews', 'networking.istio.io/v9'))).rejects.toMatchObject({ reason: 'NotFound' });
});

test("a mesh's own webhook refuses in its own words", async () => {
  const bad = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'bad' },
    spec: { hosts: ['x'], http: [{ match: [{}] }] },
  };
  const error = await space.make(bad).catch((thrown) => thrown);
  expect(error).toMatchObject({ exit: 'cluster', ref: { name: 'bad' } });
  expect(error.message).toMatch(/^cannot create VirtualService .*: admission webhook .* denied the request/);
});

test('lists by namespace, label and name, over several pages', async () => {
  const { cluster } = space;
  const names = Array.from({ length: 520 }, (_, index) => `page-${index}`);
  for (let start = 0; start < names.length; start += 40) {
    await Promise.all(
      names.slice(start, start + 40).map((name, index) =>
        space.make({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, labels: { page: 'yes', half: index < 20 ? 'one' : 'two' } },
        }),
      ),
    );
  }
  const query = { group: '', kind: 'ConfigMap', namespace: space.name };
  const found = (objects: readonly KubeObject[]) => objects.map((object) => metaOf(object).name);
  const paged = await cluster.list({ ...query, labelSelector: 'page=yes' });
  expect(found(paged).sort()).toEqual(names.sort());
  expect(paged.every(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'ConfigMap')).toBe(true);
  expect(await cluster.list({ ...query, labelSelector: 'page=yes,half=one' })).toHaveLength(260);
  expect(found(await cluster.list({ ...query, name: 'page-7' }))).toEqual(['page-7']);
  expect(await cluster.list({ ...query, name: 'nothing' })).toEqual([]);
});

test('facts: version, served kinds with the preferred version first, answers to queries', async () => {
  const cluster = await connectCluster();
  const queries = [
    { group: '', kind: 'Namespace', name: space.name },
    { group: 'nobody.test', kind: 'Thing' },
  ];
  const { version, served, seen } = await cluster.discover(queries);
  expect(version).toMatch(/^v1\.\d+\.\d+/);
  expect(served.find(({ kind }) => kind === 'VirtualService')).toEqual({
    group: 'networking.istio.io',
    kind: 'VirtualService',
    plural: 'virtualservices',
    namespaced: true,
    versions: ['v1', 'v1beta1', 'v1alpha3'],
  });
  expect(served.find(({ kind, group }) => kind === 'Node' && group === '')?.namespaced).toBe(false);
  expect([...seen.values()]).toEqual([{ objects: [expect.objectContaining({ kind: 'Namespace' })] }, { unread: 'no such kind' }]);
  await cluster.close();
});

test('the server knows what time it is', async () => {
  expect(Math.abs((await space.cluster.serverTime()) - Date.now())).toBeLessThan(3_000);
});
