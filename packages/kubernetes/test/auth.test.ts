import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './support/api-server.js';
import { type BearerTokens, demandTokens } from './support/bearer-tokens.js';
import { base64, connectTo, temporaryDirectory } from './support/kubeconfig.js';

let server: ApiServer;
let tokens: BearerTokens;
beforeAll(async () => {
  server = await startApiServer();
  tokens = demandTokens(server);
});
afterAll(() => server.stop());
beforeEach(() => {
  tokens.accepted = [];
  server.seen.length = 0;
});
const last = () => server.seen.at(-1);

test('a token', async () => {
  const cluster = await connectTo(server, { user: { token: 'abc' } });
  await cluster.serverTime();
  expect(last()?.headers.authorization).toBe('Bearer abc');
});

test('a token file counts more than a token, is trimmed, and is read anew after a 401', async () => {
  const directory = await temporaryDirectory();
  const tokenFile = join(directory, 'token');
  await writeFile(tokenFile, 'first\n');
  const cluster = await connectTo(server, { user: { token: 'no', tokenFile } });
  await cluster.serverTime();
  expect(last()?.headers.authorization).toBe('Bearer first');
  await writeFile(tokenFile, 'second\n');
  await cluster.serverTime();
  expect(last()?.headers.authorization).toBe('Bearer first');
  tokens.accepted = ['Bearer second'];
  await cluster.serverTime();
  expect(server.seen.slice(-2).map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
});

test('a refused token that cannot be had anew is an error after one request', async () => {
  tokens.accepted = ['Bearer other'];
  const cluster = await connectTo(server, { user: { token: 'abc' } });
  await expect(cluster.serverTime()).rejects.toMatchObject({
    reason: 'Unauthorized',
    status: 401,
    exit: 'cluster',
    next: ['Log in again to the cluster of context "test", then repeat the command.'],
  });
  expect(server.seen).toHaveLength(1);
});

test('a client certificate, as data and as files', async () => {
  const { cert, key } = server.clientCertificate('ada');
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'cert'), cert);
  await writeFile(join(directory, 'key'), key);
  const asData = await connectTo(server, { user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } });
  await asData.serverTime();
  expect(last()?.client).toBe('ada');
  const files = { 'client-certificate': join(directory, 'cert'), 'client-key': join(directory, 'key') };
  const asFiles = await connectTo(server, { user: files });
  await asFiles.serverTime();
  expect(last()?.client).toBe('ada');
});

test('a missing certificate file is named', async () => {
  const cluster = await connectTo(server, { user: { 'client-certificate': '/no/such.pem', 'client-key': '/no/such.key' } });
  const error = await cluster.serverTime().catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'kubeconfig-unreadable', exit: 'usage' });
  expect(error.message).toBe('the client certificate of context "test" cannot be read: /no/such.pem (ENOENT)');
});

test('a broken certificate is no bug of ours', async () => {
  const cluster = await connectTo(server, { user: { 'client-certificate-data': base64('x'), 'client-key-data': base64('y') } });
  await expect(cluster.serverTime()).rejects.toMatchObject({ reason: 'Unauthorized', exit: 'cluster' });
});

test('a name and a password', async () => {
  const cluster = await connectTo(server, { user: { username: 'ada', password: 'p:w' } });
  await cluster.serverTime();
  expect(last()?.headers.authorization).toBe(`Basic ${base64('ada:p:w')}`);
});

test('impersonation with groups, uid and extra', async () => {
  const user = { token: 't', as: 'bob', 'as-uid': '7', 'as-groups': ['a', 'b'], 'as-user-extra': { 'acme.io/team': ['x'] } };
  const cluster = await connectTo(server, { user });
  await cluster.serverTime();
  expect(last()?.headers).toMatchObject({
    'impersonate-user': 'bob',
    'impersonate-uid': '7',
    'impersonate-group': 'a, b',
    'impersonate-extra-acme.io%2fteam': 'x',
  });
});

test('an http server needs no certificates and takes tokens', async () => {
  const plain = await startApiServer({ plain: true });
  try {
    const cluster = await connectTo(plain, { user: { token: 'abc' } });
    expect(await cluster.serverTime()).toBeGreaterThan(Date.now() - 2_000);
    expect(plain.seen.at(-1)?.headers.authorization).toBe('Bearer abc');
  } finally {
    await plain.stop();
  }
});
