import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiServer, type Handler, json, startApiServer, status } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';

let server: ApiServer;
let answer: Handler = () => false;
beforeAll(async () => {
  server = await startApiServer();
  server.on((seen, response, request) =>
    /\/(weaves|pods|selfsubjectaccessreviews)$/.test(seen.path) ? answer(seen, response, request) : false,
  );
});
afterAll(() => server.stop());
beforeEach(() => {
  server.seen.length = 0;
});

const names = (objects: readonly unknown[]) => objects.map((object) => (object as { metadata: { name: string } }).metadata.name);
const item = (name: string) => ({ metadata: { name, namespace: 'n' } });

test('follows continue to the end, in pages', async () => {
  answer = ({ query }, response) => {
    const start = Number(query.get('continue') ?? 0);
    const items = [item(`a${start}`), item(`a${start + 1}`)];
    return json(response, 200, { items, metadata: { resourceVersion: '9', ...(start < 4 ? { continue: String(start + 2) } : {}) } });
  };
  const cluster = await connectTo(server);
  expect(names(await cluster.list({ group: '', kind: 'Pod' }))).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5']);
  expect(server.seen.filter(({ path }) => path === '/api/v1/pods').map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500']);
});

test('a snapshot that the server forgot between two pages is listed anew in one piece', async () => {
  answer = ({ query }, response) => {
    if (query.has('continue')) return status(response, 410, 'Expired', 'too old');
    if (query.has('limit')) return json(response, 200, { items: [item('old')], metadata: { continue: 'x' } });
    return json(response, 200, { items: [item('new'), item('newer')], metadata: {} });
  };
  expect(names(await (await connectTo(server)).list({ group: '', kind: 'Pod' }))).toEqual(['new', 'newer']);
});

test('narrows by namespace, label and name; a version of its own; items say what they are', async () => {
  answer = (_seen, response) => json(response, 200, { kind: 'WeaveList', items: [item('a')], metadata: {} });
  const cluster = await connectTo(server);
  const query = { group: 'loom.test', kind: 'Weave', namespace: 'n', name: 'a', labelSelector: 'x=y,z' };
  const [found] = await cluster.list(query, { apiVersion: 'loom.test/v1beta1' });
  expect(found).toEqual({ apiVersion: 'loom.test/v1beta1', kind: 'Weave', ...item('a') });
  const { path, query: asked } = server.seen.at(-1) ?? { query: new URLSearchParams() };
  expect(path).toBe('/apis/loom.test/v1beta1/namespaces/n/weaves');
  expect(asked.get('labelSelector')).toBe('x=y,z');
  expect(asked.get('fieldSelector')).toBe('metadata.name=a');
  await cluster.list({ group: 'loom.test', kind: 'Weave' });
  expect(server.seen.at(-1)?.path).toBe('/apis/loom.test/v1/weaves');
});

test('null items are none', async () => {
  answer = (_seen, response) => json(response, 200, { kind: 'PodList', items: null, metadata: {} });
  expect(await (await connectTo(server)).list({ group: '', kind: 'Pod' })).toEqual([]);
});

test('a server URL with a path of its own', async () => {
  const behind = { ...server, url: `${server.url}/k8s/clusters/c-1` };
  const cluster = await connectTo(behind);
  await expect(cluster.serverTime()).resolves.toBeGreaterThan(0);
  expect(server.seen.at(-1)?.path).toBe('/k8s/clusters/c-1/version');
});

test('can: one review for each right, in order, with the reason', async () => {
  answer = ({ body }, response) => {
    const { spec } = body as { spec: { resourceAttributes: { verb: string } } };
    const allowed = spec.resourceAttributes.verb === 'get';
    return json(response, 201, { spec, status: { allowed, ...(allowed ? {} : { reason: 'no role' }) } });
  };
  const cluster = await connectTo(server);
  const checks = [
    { group: '', resource: 'pods', subresource: 'portforward', namespace: 'n', verb: 'create' },
    { group: 'loom.test', resource: 'weaves', verb: 'get' },
  ];
  expect(await cluster.can(checks)).toEqual({
    checks: [
      { ...checks[0], allowed: false, reason: 'no role' },
      { ...checks[1], allowed: true },
    ],
  });
  expect(server.seen.map(({ body }) => (body as { spec: unknown }).spec)).toContainEqual({ resourceAttributes: checks[0] });
  expect(server.seen.some(({ path }) => path === '/apis')).toBe(false);
});
