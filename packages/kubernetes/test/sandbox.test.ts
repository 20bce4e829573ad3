import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { type Cluster, metaOf } from '@heddle/core';
import { createSandbox, type Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { connectIn } from '../src/connect.js';
import { temporaryDirectory } from './support/kubeconfig.js';

let sandbox: Sandbox;
beforeAll(async () => {
  const scenario = scenarios.find(({ id }) => id === 'tomcat');
  if (scenario === undefined) throw new Error('the scenario tomcat is missing');
  sandbox = await createSandbox({ adapter, scenario });
});
afterAll(() => sandbox.stop());

async function connected(): Promise<Cluster> {
  const home = await temporaryDirectory();
  const kubeconfig = join(home, 'config');
  await writeFile(kubeconfig, sandbox.kubeconfig());
  const cluster = await connectIn({ env: {}, home }, { kubeconfig });
  onTestFinished(() => cluster.close());
  return cluster;
}

const services = { group: 'networking.istio.io', kind: 'VirtualService', namespace: 'mesh-demo' };

test('the same cluster, over HTTP and in the process', async () => {
  const http = await connected();
  const inside = sandbox.cluster();
  const [over, direct] = await Promise.all([http.discover([services]), inside.discover([services])]);
  expect(over.version).toBe(direct.version);
  expect(over.seen).toEqual(direct.seen);
  const kinds = (served: typeof over.served) =>
    served.filter(({ group }) => group !== 'authorization.k8s.io').map(({ group, kind }) => `${group}/${kind}`);
  expect(kinds(over.served).sort()).toEqual(kinds(direct.served).sort());
  expect(Math.abs((await http.serverTime()) - (await inside.serverTime()))).toBeLessThanOrEqual(2_000);
});

test('an object from its creation to its deletion, watched', async () => {
  const cluster = await connected();
  const stop = new AbortController();
  const words: string[] = [];
  const run = (async () => {
    for await (const { type, object } of cluster.watch({ group: '', kind: 'ConfigMap', namespace: 'mesh-demo', name: 'a' }, stop.signal)) {
      words.push(object === undefined ? type : `${type} ${metaOf(object).name}`);
    }
  })();
  await vi.waitFor(() => expect(words).toEqual(['synced']));
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'mesh-demo' }, data: { k: '1' } };
  await cluster.create(body, { dryRun: true });
  const created = await cluster.create(body);
  await expect(cluster.create(body)).rejects.toMatchObject({ reason: 'AlreadyExists' });
  const replaced = await cluster.replace({ ...created, data: { k: '2' } });
  await expect(cluster.replace(created)).rejects.toMatchObject({ reason: 'Conflict' });
  sandbox.dropConnections();
  // Until the closed connection is noticed here: a write is not repeated on a guess.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'mesh-demo', name: 'a' };
  const { uid = '', resourceVersion = '' } = metaOf(replaced);
  await expect(cluster.delete(ref, { uid, resourceVersion: metaOf(created).resourceVersion ?? '' })).rejects.toMatchObject({
    reason: 'Conflict',
  });
  expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(true);
  expect(await cluster.delete(ref, { uid, resourceVersion })).toBe(false);
  expect(await cluster.get(ref)).toBeUndefined();
  await vi.waitFor(() => expect(words).toEqual(['synced', 'added a', 'modified a', 'deleted a']), { timeout: 5_000 });
  stop.abort();
  await run;
});

test('a kind that is not served, rights, and a stream to a pod', async () => {
  const cluster = await connected();
  await expect(cluster.list({ group: 'x', kind: 'Y' })).rejects.toMatchObject({ reason: 'NotFound' });
  const check = { group: '', resource: 'pods', subresource: 'portforward', namespace: 'mesh-demo', verb: 'create' };
  expect(await cluster.can([check])).toEqual({ checks: [expect.objectContaining({ ...check, allowed: true })] });
  const [pod] = await cluster.list({ group: '', kind: 'Pod', namespace: 'mesh-demo', labelSelector: 'run=tomcat' });
  const name = metaOf(pod).name;
  const stream = await cluster.openPort({ namespace: 'mesh-demo', name }, 8080);
  stream.write('GET / HTTP/1.1\r\nHost: tomcat\r\nConnection: close\r\n\r\n');
  expect(await text(stream)).toMatch(/^HTTP\/1\.1 200/);
  const refused = await cluster.openPort({ namespace: 'mesh-demo', name }, 9);
  refused.resume();
  expect((await once(refused, 'error'))[0]).toMatchObject({ reason: 'ConnectionRefused' });
  await expect(cluster.openPort({ namespace: 'mesh-demo', name: 'nobody' }, 80)).rejects.toMatchObject({ reason: 'NotFound' });
});
