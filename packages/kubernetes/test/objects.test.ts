import { clusterReason } from '@heddle/core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiServer, json, startApiServer, status } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  server.on(({ method, path, body }, response) => {
    if (!path.includes('/weaves') && !path.includes('/configmaps')) return false;
    if (path.endsWith('/gone')) return status(response, 404, 'NotFound', 'weaves "gone" not found', { name: 'gone', kind: 'weaves' });
    if (path.endsWith('/stale')) return status(response, 409, 'Conflict', 'the object has been modified', { name: 'stale' });
    if (method === 'POST' || method === 'PUT') return json(response, 201, body);
    if (method === 'DELETE') return json(response, 200, { kind: 'Status', status: 'Success' });
    return json(response, 200, { apiVersion: 'loom.test/v1', kind: 'Weave', metadata: { name: 'a', namespace: 'n', uid: 'u' } });
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  server.seen.length = 0;
});

const ref = { apiVersion: 'loom.test/v1beta1', kind: 'Weave', namespace: 'n', name: 'a' };
const object = {
  apiVersion: 'loom.test/v1',
  kind: 'Weave',
  metadata: { name: 'a', namespace: 'n', uid: 'u-1', resourceVersion: '7' },
  spec: { x: 1 },
};
const last = () => server.seen.at(-1);

test('reads an object in the version of its reference, and says undefined for one that is not there', async () => {
  const cluster = await connectTo(server);
  expect(await cluster.get(ref)).toMatchObject({ metadata: { uid: 'u' } });
  expect(last()?.path).toBe('/apis/loom.test/v1beta1/namespaces/n/weaves/a');
  expect(await cluster.get({ ...ref, name: 'gone' })).toBeUndefined();
});

test('a core kind lives under /api, and names are escaped', async () => {
  const cluster = await connectTo(server);
  await cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'a b/c' });
  expect(last()?.path).toBe('/api/v1/namespaces/n/configmaps/a%20b%2Fc');
});

test('creates with POST, replaces with PUT, the body as it is', async () => {
  const cluster = await connectTo(server);
  expect(await cluster.create(object)).toEqual(object);
  expect(last()).toMatchObject({ method: 'POST', path: '/apis/loom.test/v1/namespaces/n/weaves', body: object });
  expect(last()?.query.size).toBe(0);
  expect(await cluster.replace(object, { dryRun: true })).toEqual(object);
  expect(last()).toMatchObject({ method: 'PUT', path: '/apis/loom.test/v1/namespaces/n/weaves/a', body: object });
  expect(last()?.query.get('dryRun')).toBe('All');
});

test('never replaces without uid and resourceVersion', async () => {
  const cluster = await connectTo(server);
  await expect(cluster.replace({ ...object, metadata: { name: 'a', namespace: 'n', uid: 'u-1' } })).rejects.toMatchObject({
    $$type: '@heddle/BugError',
  });
  expect(server.asked()).toEqual([]);
});

test('deletes with preconditions and grace period; false when it is gone already', async () => {
  const cluster = await connectTo(server);
  expect(await cluster.delete(ref, { uid: 'u-1', resourceVersion: '7' }, { gracePeriodSeconds: 0, dryRun: true })).toBe(true);
  expect(last()?.body).toEqual({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: 'u-1', resourceVersion: '7' },
    gracePeriodSeconds: 0,
    dryRun: ['All'],
  });
  expect(last()?.query.get('dryRun')).toBe('All');
  expect(await cluster.delete({ ...ref, name: 'gone' }, { uid: 'u', resourceVersion: '1' })).toBe(false);
});

test('a conflict keeps the reason, the words and the reference', async () => {
  const cluster = await connectTo(server);
  const stale = { ...object, metadata: { ...object.metadata, name: 'stale' } };
  const error = await cluster.replace(stale).catch((thrown) => thrown);
  expect(clusterReason(error)).toBe('Conflict');
  expect(error).toMatchObject({
    status: 409,
    message: 'cannot replace Weave n/stale: the object has been modified',
    ref: { name: 'stale' },
  });
  await expect(cluster.delete({ ...ref, name: 'stale' }, { uid: 'u', resourceVersion: '1' })).rejects.toMatchObject({ reason: 'Conflict' });
});

test('makes no request before the first call, and discovers once', async () => {
  const cluster = await connectTo(server);
  expect(server.asked()).toEqual([]);
  await cluster.get(ref);
  await cluster.get(ref);
  expect(server.asked().filter((path) => path === 'GET /apis')).toHaveLength(1);
});

test('says who it is, and keeps its connection', async () => {
  const cluster = await connectTo(server);
  await cluster.get(ref);
  await cluster.get(ref);
  await cluster.get(ref);
  expect(server.seen.at(-1)?.headers['user-agent']).toMatch(/^heddle\/\d+\.\d+\.\d+ /);
  expect(server.seen.at(-1)?.remotePort).toBe(server.seen.at(-2)?.remotePort);
});
