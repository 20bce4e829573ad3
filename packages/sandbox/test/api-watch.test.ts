import type { KubeObject } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../src/index.js';
import { ApiClient } from './api-client.js';
import { route, toyAdapter, toyScenario } from './toy-mesh.js';

const ROUTES = '/apis/example.dev/v1/namespaces/shop/routes';
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

interface Event {
  readonly type: string;
  readonly object: KubeObject & { readonly metadata: { readonly name: string } };
}
const brief = (events: readonly Event[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`);

describe('the API: discovery, tables and watches', () => {
  let sandbox: Sandbox;
  let api: ApiClient;

  beforeAll(async () => {
    sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario, now: () => Date.UTC(2026, 4, 6), bookmarkMs: 40 });
    api = new ApiClient(sandbox.kubeconfig());
  });
  afterAll(async () => await sandbox.stop());

  it('is discovered in the legacy way, whatever the client would prefer', async () => {
    const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' };
    expect((await api.send('/version')).json).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.3' });
    expect((await api.send('/api', { headers: aggregated })).json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const groups = (await api.send('/apis', { headers: aggregated })).json.groups as { name: string; versions: { version: string }[] }[];
    expect(groups.map(({ name }) => name)).toEqual(expect.arrayContaining(['apps', 'coordination.k8s.io', 'authorization.k8s.io']));
    expect(groups.find(({ name }) => name === 'example.dev')?.versions.map(({ version }) => version)).toEqual(['v1', 'v1alpha1']);
    expect((await api.send('/apis/example.dev/v1alpha1')).json.resources[0]).toMatchObject({
      name: 'routes',
      kind: 'Route',
      shortNames: ['rt'],
    });
    expect((await api.send('/apis/example.dev')).json).toMatchObject({ kind: 'APIGroup', preferredVersion: { version: 'v1' } });
    for (const path of ['/openapi/v2', '/openapi/v3', '/apis/nope/v1', '/apis/example.dev/v9', '/apis/example.dev/v1/nopes', '/nope']) {
      expect(await api.send(path)).toMatchObject({ status: 404, text: '404 page not found\n' });
    }
  });

  it('renders tables for kubectl get', async () => {
    const pods = (await api.send('/api/v1/namespaces/shop/pods?limit=2', { headers: TABLE })).json;
    expect(pods.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Ready', 'Status', 'Reason', 'IP', 'Age']);
    expect(pods.rows[0].cells).toEqual(['caller', true, 'Running', '', '10.244.0.1', '0s']);
    expect(pods.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'caller' } });
    expect(pods.metadata.continue).toBeTypeOf('string');
    const routes = (await api.send(`${ROUTES}?includeObject=Object`, { headers: TABLE })).json;
    expect(routes.rows[0]).toMatchObject({ cells: ['cart', 'cart', '0s'], object: { kind: 'Route' } });
    const services = (await api.send('/api/v1/namespaces/shop/services/cart', { headers: TABLE })).json;
    expect(services.rows[0].cells).toEqual(['cart', 'ClusterIP', expect.stringMatching(/^10\.96\./), 80, '0s']);
  });

  it('watches from a revision: every later change, in the version asked for', async () => {
    const { resourceVersion } = (await api.send(ROUTES)).json.metadata;
    const change = async () => {
      const { json } = await api.send(ROUTES, { body: route('w', []) });
      await api.send(`${ROUTES}/w`, { method: 'PUT', body: { ...json, spec: { host: 'y', rules: [] } } });
      await api.send(`${ROUTES}/w`, { method: 'DELETE' });
    };
    const old = ROUTES.replace('v1', 'v1alpha1');
    const events: Event[] = await api.watch(`${old}?watch=1&resourceVersion=${resourceVersion}`, 3, change);
    expect(brief(events)).toEqual(['ADDED w', 'MODIFIED w', 'DELETED w']);
    expect(events.every(({ object }) => object.apiVersion === 'example.dev/v1alpha1')).toBe(true);
    const late: Event[] = await api.watch(`${ROUTES}?watch=1&resourceVersion=${resourceVersion}&fieldSelector=metadata.name%3Dw`, 3);
    expect(brief(late)).toEqual(brief(events));
  });

  it('begins with what is there when no revision is given, as a table if wanted', async () => {
    const events: Event[] = await api.watch(`${ROUTES}?watch=true`, 1);
    expect(brief(events)).toEqual(['ADDED cart']);
    const [table] = await api.watch(`${ROUTES}?watch=true`, 1, undefined, TABLE);
    expect(table).toMatchObject({ type: 'ADDED', object: { kind: 'Table', rows: [{ cells: ['cart', 'cart', '0s'] }] } });
  });

  it('sends bookmarks where they are allowed, and ends in time', async () => {
    const [bookmark] = await api.watch(`${ROUTES}?watch=1&resourceVersion=${sandbox.store.revision}&allowWatchBookmarks=true`, 1);
    expect(bookmark).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'Route',
        apiVersion: 'example.dev/v1',
        metadata: { resourceVersion: String(sandbox.store.revision), creationTimestamp: null },
      },
    });
    const started = performance.now();
    const ended = await api.send(`${ROUTES}?watch=1&resourceVersion=${sandbox.store.revision}&timeoutSeconds=1`);
    expect(ended).toMatchObject({ status: 200, text: '' });
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it('says 410 in the stream for a revision that is forgotten', async () => {
    sandbox.store.history.compact(sandbox.store.revision);
    const [error] = await api.watch(`${ROUTES}?watch=1&resourceVersion=2`, 1);
    const message = `too old resource version: 2 (${sandbox.store.revision})`;
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'Expired', code: 410 };
    expect(error).toEqual({ type: 'ERROR', object: status });
    expect((await api.send(`${ROUTES}?watch=1&resourceVersion=abc`)).json).toMatchObject({
      code: 500,
      message: 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    });
  });

  it('breaks watches when the connections drop', async () => {
    const broken = api.watch(`${ROUTES}?watch=1&resourceVersion=${sandbox.store.revision}`, 1, () => sandbox.dropConnections());
    await expect(broken).rejects.toThrow('aborted');
    expect((await api.send('/version')).status).toBe(200);
  });
});
