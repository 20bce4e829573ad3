import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, isRecord } from '@heddle/core';
import { expect, onTestFinished, test } from 'vitest';
import { connectCluster } from '../../src/index.js';
import { resolveContext } from '../../src/kubeconfig/context.js';
import { loadKubeconfig } from '../../src/kubeconfig/load.js';
import { temporaryDirectory } from '../support/kubeconfig.js';
import { useNamespace } from './support.js';

const space = useNamespace();

/** The cluster as a service account that may do only what the rules say. */
async function as(name: string, rules: readonly object[]): Promise<{ readonly cluster: Cluster; readonly revoke: () => Promise<unknown> }> {
  const rbac = 'rbac.authorization.k8s.io';
  await space.make({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  await space.make({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name }, rules });
  const subjects = [{ kind: 'ServiceAccount', name, namespace: space.name }];
  await space.make({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name },
    subjects,
    roleRef: { apiGroup: rbac, kind: 'Role', name },
  });
  const annotations = { 'kubernetes.io/service-account.name': name };
  await space.make({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name, annotations } });
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: space.name, name };
  const tokenOf = async () => {
    const data = (await space.cluster.get(secret))?.data;
    return isRecord(data) && typeof data.token === 'string' ? Buffer.from(data.token, 'base64').toString() : undefined;
  };
  await expect.poll(tokenOf, { timeout: 10_000 }).toBeTypeOf('string');
  const { cluster } = resolveContext(await loadKubeconfig({ env: process.env, home: homedir() }));
  const file = join(await temporaryDirectory(), 'config');
  await writeFile(
    file,
    JSON.stringify({
      'current-context': name,
      clusters: [{ name: 'c', cluster: { server: cluster.server.href, 'certificate-authority-data': cluster.caData } }],
      users: [{ name: 'u', user: { token: await tokenOf() } }],
      contexts: [{ name, context: { cluster: 'c', user: 'u' } }],
    }),
  );
  const connected = await connectCluster({ kubeconfig: file });
  onTestFinished(() => connected.close());
  return { cluster: connected, revoke: () => space.remove(secret) };
}

test('can() tells what one may do', async () => {
  const { cluster } = await as('asks', [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }]);
  const { name: namespace } = space;
  const report = await cluster.can([
    { group: '', resource: 'pods', subresource: 'portforward', namespace, verb: 'create' },
    { group: '', resource: 'pods', namespace, verb: 'create' },
    { group: 'networking.istio.io', resource: 'virtualservices', namespace, verb: 'update' },
    { group: '', resource: 'pods', subresource: 'portforward', namespace: 'default', verb: 'create' },
  ]);
  expect(report.checks.map(({ allowed }) => allowed)).toEqual([true, false, false, false]);
  expect((await space.cluster.can([{ group: '', resource: 'nodes', verb: 'delete' }])).checks[0]?.allowed).toBe(true);
});

test('Forbidden names the right that is missing', async () => {
  const { cluster } = await as('reads', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'get'] }]);
  const { name: namespace } = space;
  expect(await cluster.list({ group: '', kind: 'ConfigMap', namespace })).not.toHaveLength(0);
  const error = await cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace } }).catch((thrown) => thrown);
  expect(error).toMatchObject({ reason: 'Forbidden', status: 403, exit: 'cluster' });
  expect(error.message).toContain(
    `cannot create ConfigMap ${namespace}/x: configmaps is forbidden: User "system:serviceaccount:${namespace}:reads" cannot create`,
  );
  expect(error.next).toEqual([
    `Ask the cluster's administrator for the right to create configmaps in namespace ${namespace}.`,
    `See whether you have it: kubectl auth can-i create configmaps -n ${namespace}`,
  ]);
  await expect(cluster.openPort({ namespace, name: 'x' }, 80)).rejects.toMatchObject({
    reason: 'Forbidden',
    next: [expect.stringContaining('pods/portforward'), expect.stringContaining('--subresource=portforward')],
  });
  const watch = cluster.watch({ group: '', kind: 'Secret', namespace }, AbortSignal.timeout(10_000));
  await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    reason: 'Forbidden',
    message: expect.stringContaining('cannot list secrets'),
  });
  const { seen } = await cluster.discover([{ group: '', kind: 'Secret', namespace }]);
  expect([...seen.values()]).toEqual([{ unread: 'forbidden' }]);
});

test('a token that is not valid any more is Unauthorized', async () => {
  const { cluster, revoke } = await as('leaves', []);
  await cluster.serverTime();
  await revoke();
  // The API server remembers a token that it has checked for some seconds.
  const reason = () =>
    cluster.serverTime().then(
      () => 'still valid',
      (error) => [error.reason, error.next[0]],
    );
  await expect
    .poll(reason, { timeout: 30_000, interval: 500 })
    .toEqual(['Unauthorized', 'Log in again to the cluster of context "leaves", then repeat the command.']);
  await expect(cluster.openPort({ namespace: space.name, name: 'x' }, 80)).rejects.toMatchObject({ reason: 'Unauthorized' });
});
