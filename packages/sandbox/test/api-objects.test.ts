import { ClusterError } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { ApiClient } from './api-client.js';
import { route, toyAdapter, toyScenario } from './toy-mesh.js';

const ROUTES = '/apis/example.dev/v1/namespaces/shop/routes';
const PODS = '/api/v1/namespaces/shop/pods';

describe('the API: objects', () => {
  let sandbox: Sandbox;
  let api: ApiClient;

  beforeAll(async () => {
    sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario, now: () => Date.UTC(2026, 4, 6, 7, 8, 9) });
    api = new ApiClient(sandbox.kubeconfig('alice'));
  });
  afterAll(async () => await sandbox.stop());

  it('wants its token, and says its time', async () => {
    const refused = await api.send(PODS, { headers: { authorization: 'Bearer wrong' } });
    expect(refused).toMatchObject({
      status: 401,
      json: { kind: 'Status', status: 'Failure', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
    });
    expect(refused.headers.date).toBe('Wed, 06 May 2026 07:08:09 GMT');
  });

  it('creates, reads in every version, replaces and deletes', async () => {
    const created = await api.send(ROUTES, { body: route('one', [{ to: 'cart' }]) });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      apiVersion: 'example.dev/v1',
      metadata: { generation: 1, creationTimestamp: '2026-05-06T07:08:09Z' },
    });
    const old = await api.send('/apis/example.dev/v1alpha1/namespaces/shop/routes/one');
    expect(old.json).toEqual({ ...created.json, apiVersion: 'example.dev/v1alpha1' });
    const body = { ...created.json, spec: { host: 'x', rules: [] } };
    const replaced = await api.send(`${ROUTES}/one`, { method: 'PUT', body });
    expect(replaced.json).toMatchObject({ spec: { host: 'x' }, metadata: { generation: 2, uid: created.json.metadata.uid } });
    const stale = await api.send(`${ROUTES}/one`, { method: 'PUT', body });
    expect(stale.json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'Operation cannot be fulfilled on routes.example.dev "one": the object has been modified; please apply your changes to the latest version and try again',
      reason: 'Conflict',
      details: { name: 'one', group: 'example.dev', kind: 'routes' },
      code: 409,
    });
    const preconditions = { uid: created.json.metadata.uid, resourceVersion: created.json.metadata.resourceVersion };
    const early = await api.send(`${ROUTES}/one`, { method: 'DELETE', body: { preconditions } });
    expect(early.json).toMatchObject({ code: 409, details: { name: 'one', group: 'example.dev', kind: 'Route' } });
    const gone = await api.send(`${ROUTES}/one`, { method: 'DELETE' });
    const details = { name: 'one', group: 'example.dev', kind: 'routes', uid: preconditions.uid };
    expect(gone.json).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
    expect((await api.send(`${ROUTES}/one`)).json).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'routes.example.dev "one" not found',
    });
  });

  it.each([
    [
      'another kind',
      ROUTES,
      { ...route('b', []), kind: 'Pod' },
      422,
      'Pod.example.dev "b" is invalid: kind: Invalid value: "Pod": must be Route',
    ],
    [
      'another namespace',
      ROUTES,
      { ...route('b', []), metadata: { name: 'b', namespace: 'x' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another version',
      ROUTES,
      { ...route('b', []), apiVersion: 'example.dev/v1alpha1' },
      400,
      'the API version in the data (example.dev/v1alpha1) does not match the expected API version (example.dev/v1)',
    ],
    ['a missing namespace', '/apis/example.dev/v1/namespaces/no/routes', { metadata: { name: 'b' } }, 404, 'namespaces "no" not found'],
    ['a taken name', ROUTES, route('cart', []), 409, 'routes.example.dev "cart" already exists'],
  ])('refuses %s as the real server does', async (_what, path, body, code, message) => {
    expect((await api.send(path, { body })).json).toMatchObject({ code, message });
  });

  it('refuses bodies that it cannot read', async () => {
    expect((await api.send(ROUTES, { body: '{' })).json.message).toContain('the object provided is unrecognized (must be of type Route)');
    const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    expect((await api.send(ROUTES, { body: 'k8s', headers: protobuf })).json).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
    expect((await api.send(`${ROUTES}/cart`, { method: 'PUT', body: route('other', []) })).json.message).toBe(
      'the name of the object (other) does not match the name on the URL (cart)',
    );
    expect((await api.send(ROUTES, { body: JSON.stringify({ metadata: { name: 'x' }, spec: 'x'.repeat(4 << 20) }) })).status).toBe(413);
  });

  it('lists: selectors, pages, bare items of built-in kinds, and 400 for what it cannot select', async () => {
    const names = (reply: { json: { items: { metadata: { name: string } }[] } }) => reply.json.items.map((item) => item.metadata.name);
    expect(names(await api.send(`${PODS}?labelSelector=app%3Dcart`))).toEqual(['cart-v1', 'cart-v2']);
    expect(names(await api.send('/api/v1/pods?fieldSelector=metadata.name%3Dgate'))).toEqual(['gate']);
    const all = await api.send(PODS);
    expect(all.json).toMatchObject({ kind: 'PodList', apiVersion: 'v1' });
    expect(all.json.items[0].kind).toBeUndefined();
    expect((await api.send(ROUTES)).json.items[0].kind).toBe('Route');
    const first = await api.send(`${PODS}?limit=3`);
    const rest = await api.send(`${PODS}?limit=3&continue=${first.json.metadata.continue}`);
    expect([...names(first), ...names(rest)]).toEqual(names(all));
    expect(rest.json.metadata.continue).toBeUndefined();
    expect((await api.send(`${PODS}?continue=nonsense`)).status).toBe(400);
    expect((await api.send(`${PODS}?fieldSelector=spec.x%3D1`)).json.message).toBe('field label not supported: spec.x');
    sandbox.store.history.compact(sandbox.store.revision + 1);
    expect((await api.send(`${PODS}?continue=${first.json.metadata.continue}`)).json).toMatchObject({ code: 410, reason: 'Expired' });
  });

  it('stores nothing with dryRun', async () => {
    expect((await api.send(`${ROUTES}?dryRun=All`, { body: route('dry', []) })).status).toBe(201);
    expect((await api.send(`${ROUTES}/cart?dryRun=All`, { method: 'DELETE' })).status).toBe(200);
    expect((await api.send(`${ROUTES}/dry`)).status).toBe(404);
    expect((await api.send(`${ROUTES}/cart`)).status).toBe(200);
  });

  it('patches, and knows its limits', async () => {
    const patch = (kind: string, body: unknown, path = `${ROUTES}/cart`) =>
      api.send(path, { method: 'PATCH', body, headers: { 'content-type': `application/${kind}+json` } });
    const merged = await patch('merge-patch', { metadata: { annotations: { note: 'a' } }, spec: { extra: { deep: true } } });
    expect(merged.json).toMatchObject({ metadata: { annotations: { note: 'a' } }, spec: { host: 'cart', extra: { deep: true } } });
    const changed = await patch('json-patch', [
      { op: 'test', path: '/spec/host', value: 'cart' },
      { op: 'remove', path: '/spec/extra' },
    ]);
    expect(changed.json.spec.extra).toBeUndefined();
    expect((await patch('json-patch', [{ op: 'test', path: '/spec/host', value: 'no' }])).json).toMatchObject({
      code: 422,
      reason: 'Invalid',
    });
    expect((await patch('merge-patch', { metadata: { resourceVersion: '1' } })).json).toMatchObject({ code: 409, reason: 'Conflict' });
    expect((await patch('strategic-merge-patch', {})).status).toBe(415);
    expect((await patch('apply-patch', {})).status).toBe(415);
    const annotated = await patch('strategic-merge-patch', { metadata: { annotations: { note: 'b' } } }, `${PODS}/gate`);
    expect(annotated.json.metadata.annotations.note).toBe('b');
    const deep = await patch('strategic-merge-patch', { spec: { containers: [] } }, `${PODS}/gate`);
    expect(deep.json).toMatchObject({
      code: 501,
      message: 'heddle sandbox: a strategic merge patch with lists or directives is not implemented',
    });
  });

  it('keeps status and the rest apart', async () => {
    const { json } = await api.send(`${ROUTES}/cart`);
    const written = await api.send(`${ROUTES}/cart/status`, { method: 'PUT', body: { ...json, spec: {}, status: { seen: 1 } } });
    expect(written.json).toMatchObject({ spec: json.spec, status: { seen: 1 } });
  });

  it.each([
    ['GET', `${PODS}/gate/log?follow=true`, 'following a log'],
    ['POST', `${PODS}/gate/exec`, 'pods/exec'],
    ['DELETE', ROUTES, `DELETE of ${ROUTES}`],
    ['GET', `${ROUTES}?watch=true&sendInitialEvents=true`, 'a watch with sendInitialEvents'],
  ])('says that it cannot do %s %s', async (method, path, what) => {
    const reply = await api.send(path, { method });
    expect(reply.json).toMatchObject({ code: 501, reason: 'NotImplemented', message: `heddle sandbox: ${what} is not implemented` });
  });

  it('answers fault hooks by client: rights, errors, broken connections', async () => {
    const check = { spec: { resourceAttributes: { group: 'example.dev', resource: 'routes', verb: 'create', namespace: 'shop' } } };
    const review = async () => (await api.send('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body: check })).json.status;
    expect(await review()).toEqual({ allowed: true });
    const allow = sandbox.faults.deny(({ verb, resource }, client) => verb === 'create' && resource === 'routes' && client === 'alice');
    expect(await review()).toEqual({ allowed: false });
    expect((await api.send(ROUTES, { body: route('n', []) })).json).toMatchObject({
      code: 403,
      message:
        'routes.example.dev "n" is forbidden: User "alice" cannot create resource "routes" in API group "example.dev" in the namespace "shop"',
    });
    expect((await new ApiClient(sandbox.kubeconfig('bob')).send(ROUTES, { body: route('n', []) })).status).toBe(201);
    allow();
    const heal = sandbox.faults.add(({ verb, client }, phase) => {
      if (verb === 'get' && client === 'alice' && phase === 'after')
        throw new ClusterError({ reason: 'Unreachable', status: 0, message: 'cut' });
    });
    await expect(api.send(`${ROUTES}/cart`)).rejects.toThrow('socket hang up');
    heal();
    expect((await api.send(`${ROUTES}/cart`)).status).toBe(200);
  });
});
