import { expect, onTestFinished, test } from 'vitest';
import { type ApiServer, json, startApiServer, status } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';

async function fresh(): Promise<ApiServer> {
  const server = await startApiServer();
  onTestFinished(() => server.stop());
  return server;
}

const kindsOf = (resources: readonly [string, string, boolean][]) => ({
  kind: 'APIResourceList',
  resources: resources.map(([name, kind, namespaced]) => ({ name, kind, namespaced, verbs: ['get'] })),
});

/** What a server before 1.26 gives: a document for each group and version. */
function legacy(server: ApiServer, options: { readonly broken?: boolean } = {}): void {
  const groupVersion = (version: string) => ({ groupVersion: `loom.test/${version}`, version });
  const documents: Record<string, unknown> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/api/v1': kindsOf([
      ['pods', 'Pod', true],
      ['pods/log', 'Pod', true],
      ['namespaces', 'Namespace', false],
    ]),
    '/apis': {
      kind: 'APIGroupList',
      groups: [
        { name: 'loom.test', versions: ['v1beta1', 'v1', 'v1alpha1'].map(groupVersion), preferredVersion: groupVersion('v1') },
        { name: 'down.test', versions: [{ groupVersion: 'down.test/v1', version: 'v1' }] },
      ],
    },
    '/apis/loom.test/v1': kindsOf([['weaves', 'Weave', true]]),
    '/apis/loom.test/v1beta1': kindsOf([['weaves', 'Weave', true]]),
    '/apis/loom.test/v1alpha1': kindsOf([['yarns', 'Yarn', true]]),
    '/apis/down.test/v1': kindsOf([['downs', 'Down', true]]),
  };
  server.on(({ path }, response) => {
    if (options.broken && path === '/apis/down.test/v1') return status(response, 503, 'ServiceUnavailable', 'service unavailable');
    return documents[path] === undefined ? false : json(response, 200, documents[path]);
  });
}

test('aggregated discovery: two requests for all kinds, versions in the order of preference', async () => {
  const server = await fresh();
  const cluster = await connectTo(server);
  const facts = await cluster.discover();
  expect(facts.version).toBe('v1.36.3');
  expect(facts.served).toContainEqual({
    group: 'loom.test',
    kind: 'Weave',
    plural: 'weaves',
    namespaced: true,
    versions: ['v1', 'v1beta1'],
  });
  expect(facts.served).toContainEqual({ group: '', kind: 'Namespace', plural: 'namespaces', namespaced: false, versions: ['v1'] });
  await cluster.discover();
  expect(server.asked().sort()).toEqual(['GET /api', 'GET /apis', 'GET /version']);
});

test('legacy discovery: preferred version first, no subresources', async () => {
  const server = await fresh();
  legacy(server);
  const { served } = await (await connectTo(server)).discover();
  expect(served.filter(({ kind }) => kind === 'Pod')).toEqual([
    { group: '', kind: 'Pod', plural: 'pods', namespaced: true, versions: ['v1'] },
  ]);
  expect(served.find(({ kind }) => kind === 'Weave')?.versions).toEqual(['v1', 'v1beta1']);
  expect(served.find(({ kind }) => kind === 'Yarn')?.versions).toEqual(['v1alpha1']);
});

test('a group whose own server is down hides nothing else, and is named when it is needed', async () => {
  const server = await fresh();
  legacy(server, { broken: true });
  const cluster = await connectTo(server);
  expect((await cluster.discover()).served.map(({ kind }) => kind)).toEqual(['Pod', 'Namespace', 'Weave', 'Yarn']);
  await expect(cluster.list({ group: 'down.test', kind: 'Down' })).rejects.toMatchObject({ reason: 'ServiceUnavailable', status: 503 });
});

test('the same in aggregated form: stale and empty', async () => {
  const server = await fresh();
  server.on(({ path }, response) => {
    if (path !== '/apis') return false;
    const versions = [{ version: 'v1', freshness: 'Stale', resources: [] }];
    return json(response, 200, { kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: 'down.test' }, versions }] });
  });
  await expect((await connectTo(server)).list({ group: 'down.test', kind: 'Down' })).rejects.toMatchObject({
    reason: 'ServiceUnavailable',
  });
});

test('an unknown kind, and an unserved version, in one sentence each', async () => {
  const cluster = await connectTo(await fresh());
  await expect(cluster.list({ group: 'loom.test', kind: 'Shuttle' })).rejects.toMatchObject({
    reason: 'NotFound',
    exit: 'cluster',
    message: 'the cluster of context "test" does not serve Shuttle (loom.test)',
  });
  await expect(cluster.get({ apiVersion: 'loom.test/v9', kind: 'Weave', namespace: 'n', name: 'a' })).rejects.toMatchObject({
    reason: 'NotFound',
    message: 'the cluster of context "test" serves Weave (loom.test) as v1, v1beta1, not as loom.test/v9',
  });
});

test('a kind that came later is found by asking again; many unknown ones do not each ask', async () => {
  const server = await fresh();
  const cluster = await connectTo(server);
  await cluster.discover();
  const unknown = ['A', 'B', 'C', 'D'].map((kind) => cluster.list({ group: 'x.test', kind }).catch((error) => error.reason));
  expect(await Promise.all(unknown)).toEqual(['NotFound', 'NotFound', 'NotFound', 'NotFound']);
  expect(server.asked().filter((path) => path === 'GET /apis').length).toBeLessThanOrEqual(2);
  server.on(({ path }, response) => {
    if (path === '/apis/x.test/v1/as') return json(response, 200, { items: [], metadata: {} });
    if (path !== '/apis') return false;
    const resources = [{ resource: 'as', responseKind: { kind: 'A' }, scope: 'Cluster' }];
    return json(response, 200, {
      kind: 'APIGroupDiscoveryList',
      items: [{ metadata: { name: 'x.test' }, versions: [{ version: 'v1', resources }] }],
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  expect(await cluster.list({ group: 'x.test', kind: 'A' })).toEqual([]);
});

test('a discovery that failed is asked for again', async () => {
  const server = await fresh();
  let broken = true;
  server.on(({ path }, response) => (broken && path === '/apis' ? status(response, 500, 'InternalError', 'etcd') : false));
  const cluster = await connectTo(server);
  await expect(cluster.discover()).rejects.toMatchObject({ reason: 'InternalError' });
  broken = false;
  expect((await cluster.discover()).served.length).toBeGreaterThan(0);
});

test('queries of facts: objects, forbidden, no such kind; anything else is an error', async () => {
  const server = await fresh();
  server.on(({ path }, response) => {
    if (path === '/api/v1/pods') return status(response, 403, 'Forbidden', 'no');
    if (path === '/api/v1/namespaces') return json(response, 200, { items: [{ metadata: { name: 'n' } }], metadata: {} });
    return path === '/api/v1/configmaps' ? status(response, 500, 'InternalError', 'etcd') : false;
  });
  const cluster = await connectTo(server);
  const queries = [
    { group: '', kind: 'Pod' },
    { group: '', kind: 'Namespace' },
    { group: 'x', kind: 'Y' },
  ];
  const { seen } = await cluster.discover(queries);
  expect([...seen.values()]).toEqual([
    { unread: 'forbidden' },
    { objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }] },
    { unread: 'no such kind' },
  ]);
  await expect(cluster.discover([{ group: '', kind: 'ConfigMap' }])).rejects.toMatchObject({ reason: 'InternalError' });
});

test('an object of a kind that was removed: the kind is missing, not the object', async () => {
  const server = await fresh();
  const cluster = await connectTo(server);
  await cluster.discover();
  server.on(({ path }, response) => (path === '/apis' ? json(response, 200, { kind: 'APIGroupDiscoveryList', items: [] }) : false));
  server.on(({ path }, response) => (path.startsWith('/apis/') ? response.writeHead(404).end('404 page not found') : false));
  await expect(cluster.get({ apiVersion: 'loom.test/v1', kind: 'Weave', namespace: 'n', name: 'a' })).rejects.toMatchObject({
    reason: 'NotFound',
  });
});
