import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { proxyFor } from '../src/transport/proxy.js';
import { type ApiServer, authority, startApiServer } from './support/api-server.js';
import { createAuthority } from './support/certificates.js';
import { connectTo } from './support/kubeconfig.js';
import { startHttpProxy, startSocksProxy, type TestProxy } from './support/proxies.js';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.stop());

async function running(proxy: Promise<TestProxy>): Promise<TestProxy> {
  const started = await proxy;
  onTestFinished(() => started.stop());
  return started;
}

const target = () => new URL(server.url).host;

test('proxy-url with http: one tunnel for several requests, TLS to the server inside', async () => {
  const proxy = await running(startHttpProxy());
  const cluster = await connectTo(server, { cluster: { 'proxy-url': `http://127.0.0.1:${proxy.port}` } });
  await cluster.serverTime();
  await cluster.serverTime();
  expect(proxy.targets).toEqual([target()]);
});

test('a name that only the proxy can resolve', async () => {
  const proxy = await running(startHttpProxy());
  const named = { ...server, url: server.url.replace('127.0.0.1', 'api.test') };
  const cluster = await connectTo(named, { cluster: { 'proxy-url': `http://127.0.0.1:${proxy.port}` } });
  await cluster.serverTime();
  expect(proxy.targets[0]).toMatch(/^api\.test:/);
});

test('a proxy with a login', async () => {
  const proxy = await running(startHttpProxy({ login: 'ada:p@ss' }));
  const cluster = await connectTo(server, { cluster: { 'proxy-url': `http://ada:p%40ss@127.0.0.1:${proxy.port}` } });
  await cluster.serverTime();
  const refused = await connectTo(server, { cluster: { 'proxy-url': `http://127.0.0.1:${proxy.port}` } });
  const error = await refused.serverTime().catch((thrown) => thrown);
  expect(error).toMatchObject({ reason: 'Unreachable', exit: 'cluster' });
  expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port} answered 407`);
});

test('an https proxy is trusted by the same CA as the server; one of another CA is told apart from the server', async () => {
  const known = await running(startHttpProxy({ certificate: authority.issue({ commonName: 'p' }, { names: ['127.0.0.1'] }) }));
  const cluster = await connectTo(server, { cluster: { 'proxy-url': `https://127.0.0.1:${known.port}` } });
  await cluster.serverTime();
  expect(known.targets).toEqual([target()]);
  const stranger = createAuthority('stranger').issue({ commonName: 'p' }, { names: ['127.0.0.1'] });
  const unknown = await running(startHttpProxy({ certificate: stranger }));
  const refused = await connectTo(server, { cluster: { 'proxy-url': `https://127.0.0.1:${unknown.port}` } });
  await expect(refused.serverTime()).rejects.toMatchObject({ reason: 'Unreachable', message: expect.stringContaining('the proxy') });
});

test('proxy-url with socks5, the name resolved by the proxy', async () => {
  const proxy = await running(startSocksProxy());
  const named = { ...server, url: server.url.replace('127.0.0.1', 'api.test') };
  const cluster = await connectTo(named, { cluster: { 'proxy-url': `socks5://127.0.0.1:${proxy.port}` } });
  await cluster.serverTime();
  await cluster.serverTime();
  expect(proxy.targets).toEqual([`api.test:${new URL(server.url).port}`]);
});

test('a socks proxy that cannot reach the server', async () => {
  const proxy = await running(startSocksProxy());
  const gone = { ...server, url: 'https://127.0.0.1:1' };
  const cluster = await connectTo(gone, { cluster: { 'proxy-url': `socks5://127.0.0.1:${proxy.port}` } });
  await expect(cluster.serverTime()).rejects.toMatchObject({ reason: 'Unreachable', message: expect.stringContaining('the proxy') });
});

test('a proxy that is down is named', async () => {
  const cluster = await connectTo(server, { cluster: { 'proxy-url': 'http://user:secret@127.0.0.1:1' } });
  const error = await cluster.serverTime().catch((thrown) => thrown);
  expect(error.reason).toBe('Unreachable');
  expect(error.message).toContain('the proxy 127.0.0.1:1 gives no connection');
  expect(error.next[0]).toBe('Check that the proxy http://127.0.0.1:1 runs.');
  expect(JSON.stringify([error.message, error.next])).not.toContain('secret');
});

test('an http server is reached through the proxy too', async () => {
  const plain = await startApiServer({ plain: true });
  onTestFinished(() => plain.stop());
  const proxy = await running(startHttpProxy());
  const cluster = await connectTo(plain, { cluster: { 'proxy-url': `http://127.0.0.1:${proxy.port}` } });
  await cluster.serverTime();
  expect(proxy.targets).toEqual([new URL(plain.url).host]);
});

test.each<[string, string, Record<string, string>, string | undefined]>([
  ['HTTPS_PROXY for https', 'https://api.corp:6443', { HTTPS_PROXY: 'http://p:8080' }, 'http://p:8080/'],
  ['lower case', 'https://api.corp', { https_proxy: 'p:8080' }, 'http://p:8080/'],
  ['HTTP_PROXY for http', 'http://api.corp', { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://q:1' }, 'http://p:1/'],
  ['never for this machine', 'https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p:8080' }, undefined],
  ['nor for localhost', 'https://localhost:6443', { HTTPS_PROXY: 'http://p:8080' }, undefined],
  ['NO_PROXY by suffix', 'https://api.eu.corp', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x, corp' }, undefined],
  ['NO_PROXY by dotted suffix', 'https://api.corp', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.corp' }, undefined],
  ['NO_PROXY is no substring', 'https://apicorp', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'corp' }, 'http://p:1/'],
  ['NO_PROXY by range', 'https://10.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.1.0.0/16' }, undefined],
  ['NO_PROXY outside of a range', 'https://10.2.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.1.0.0/16' }, 'http://p:1/'],
  ['NO_PROXY with a port', 'https://api.corp:6443', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'api.corp:443' }, 'http://p:1/'],
  ['NO_PROXY for all', 'https://api.corp', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
])('environment: %s', (_title, server, env, expected) => {
  expect(proxyFor({ name: 'c', server: new URL(server) }, env)?.href).toBe(expected);
});

test('proxy-url counts more than the environment, and has to be a URL', () => {
  const cluster = { name: 'c', server: new URL('https://api'), proxyUrl: 'socks5://s:1' };
  expect(proxyFor(cluster, { HTTPS_PROXY: 'http://p:1' })?.href).toBe('socks5://s:1');
  expect(() => proxyFor({ ...cluster, proxyUrl: 'ftp://x' }, {})).toThrow('the proxy of cluster "c" is "ftp://x"');
});
