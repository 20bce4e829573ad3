import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { connectIn } from '../src/connect.js';
import { listContexts } from '../src/index.js';
import { resolveContext } from '../src/kubeconfig/context.js';
import { loadKubeconfig } from '../src/kubeconfig/load.js';
import { kubeconfigText, temporaryDirectory } from './support/kubeconfig.js';

const one = (name: string) =>
  `{current-context: ${name}, contexts: [{name: ${name}, context: {cluster: ${name}-c, namespace: ns-${name}}}]}`;

test('KUBECONFIG may list several files, and files that are not there do not count', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, 'a'), one('a'));
  await writeFile(join(home, 'b'), one('b'));
  const env = { KUBECONFIG: [join(home, 'missing'), join(home, 'a'), '', join(home, 'b')].join(delimiter) };
  const config = await loadKubeconfig({ env, home });
  expect([...config.contexts.keys()]).toEqual(['a', 'b']);
  expect(config.currentContext).toBe('a');
  expect(config.files).toEqual([join(home, 'a'), join(home, 'b')]);
});

test('without KUBECONFIG it is ~/.kube/config', async () => {
  const home = await temporaryDirectory();
  await mkdir(join(home, '.kube'));
  await writeFile(join(home, '.kube', 'config'), one('mine'));
  expect((await loadKubeconfig({ env: {}, home })).currentContext).toBe('mine');
});

test('in a pod without a kubeconfig it is the service account', async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, 'token'), 'abc\n');
  await writeFile(join(home, 'namespace'), 'prod');
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const context = resolveContext(await loadKubeconfig({ env, home, serviceAccount: home }));
  expect(context).toMatchObject({ name: 'in-cluster', namespace: 'prod', user: { tokenFile: join(home, 'token') } });
  expect(context.cluster.server.href).toBe('https://[fd00::1]/');
  expect(context.cluster.caFile).toBe(join(home, 'ca.crt'));
});

test.each([
  ['a named file that is missing', { explicit: '/no/such/file' }, {}, 'the kubeconfig /no/such/file does not exist'],
  ['none anywhere', {}, {}, 'KUBECONFIG is not set and'],
  ['none of KUBECONFIG', {}, { KUBECONFIG: '/no/such/file' }, 'no file of KUBECONFIG exists (/no/such/file)'],
])('%s is a usage error that says so', async (_title, place, env, words) => {
  const home = await temporaryDirectory();
  const error = await loadKubeconfig({ ...place, env, home }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'kubeconfig-not-found', exit: 'usage' });
  expect(error.message).toContain(words);
});

test('a directory in the place of a kubeconfig is unreadable', async () => {
  const home = await temporaryDirectory();
  await expect(loadKubeconfig({ explicit: home, env: {}, home })).rejects.toMatchObject({ code: 'kubeconfig-unreadable' });
});

test('lists contexts with namespace and which is current', async () => {
  const home = await temporaryDirectory();
  const file = join(home, 'config');
  await writeFile(file, `${one('a').slice(0, -2)}, {name: b, context: {cluster: x}}]}`);
  expect(await listContexts({ kubeconfig: file })).toEqual([
    { name: 'a', cluster: 'a-c', namespace: 'ns-a', current: true },
    { name: 'b', cluster: 'x', current: false },
  ]);
});

test('a cluster is named after its context', async () => {
  const home = await temporaryDirectory();
  const file = join(home, 'config');
  await writeFile(file, kubeconfigText({ url: 'https://127.0.0.1:1' }));
  const cluster = await connectIn({ env: {}, home }, { kubeconfig: file });
  expect(cluster.name).toBe('test');
  await expect(connectIn({ env: {}, home }, { kubeconfig: file, context: 'other' })).rejects.toMatchObject({ code: 'context-not-found' });
});
