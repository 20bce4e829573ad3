import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from './support/api-server.js';
import { type BearerTokens, demandTokens } from './support/bearer-tokens.js';
import { connectTo, temporaryDirectory } from './support/kubeconfig.js';

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

/** A login program: a Node script that counts its runs in a file beside it. */
async function program(body: string, extra: object = {}) {
  const directory = await temporaryDirectory();
  const script = join(directory, 'login.cjs');
  const runs = join(directory, 'runs');
  await writeFile(
    script,
    `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(runs)}, 'x');
     const run = fs.readFileSync(${JSON.stringify(runs)}, 'utf8').length;
     const give = (status) => console.log(JSON.stringify({apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status}));
     ${body}`,
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [script],
    interactiveMode: 'IfAvailable',
    ...extra,
  };
  return { exec, count: async () => (await readFile(runs, 'utf8')).length };
}

test('runs once for many requests, also for those at the same time', async () => {
  const { exec, count } = await program(`give({token: 'run-' + run})`);
  const cluster = await connectTo(server, { user: { exec } });
  await Promise.all([cluster.serverTime(), cluster.serverTime(), cluster.serverTime()]);
  await cluster.serverTime();
  expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer run-1']));
  expect(await count()).toBe(1);
});

test('runs again when what it gave has expired, and when the server says 401', async () => {
  const { exec, count } = await program(`give({token: 'run-' + run, ...(run === 1 ? {expirationTimestamp: '2020-01-01T00:00:00Z'} : {})})`);
  const cluster = await connectTo(server, { user: { exec } });
  await cluster.serverTime();
  await cluster.serverTime();
  expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer run-2');
  tokens.accepted = ['Bearer run-3'];
  await cluster.serverTime();
  expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer run-3');
  expect(await count()).toBe(3);
});

test('may give a client certificate', async () => {
  const { cert, key } = server.clientCertificate('grace');
  const { exec } = await program(`give({clientCertificateData: ${JSON.stringify(cert)}, clientKeyData: ${JSON.stringify(key)}})`);
  const cluster = await connectTo(server, { user: { exec } });
  await cluster.serverTime();
  expect(server.seen.at(-1)?.client).toBe('grace');
});

test('is given its environment and KUBERNETES_EXEC_INFO with the cluster, and no stdin to wait on', async () => {
  const body = `
    const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
    fs.readFileSync(0);
    give({token: Buffer.from(JSON.stringify({info, mine: process.env.MINE})).toString('base64url')});`;
  const { exec } = await program(body, { env: [{ name: 'MINE', value: 'yes' }], provideClusterInfo: true, interactiveMode: 'Never' });
  const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }];
  const cluster = await connectTo(server, { user: { exec }, cluster: { 'tls-server-name': 'api.test', extensions } });
  await cluster.serverTime();
  const token = server.seen.at(-1)?.headers.authorization?.slice('Bearer '.length) ?? '';
  const given = JSON.parse(Buffer.from(token, 'base64url').toString());
  expect(given.mine).toBe('yes');
  expect(given.info).toMatchObject({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', spec: { interactive: false } });
  expect(given.info.spec.cluster).toEqual({
    server: server.url,
    'tls-server-name': 'api.test',
    'certificate-authority-data': Buffer.from(server.ca).toString('base64'),
    config: { audience: 'x' },
  });
});

test('a login slower than the request limit is no timeout', async () => {
  const { exec } = await program(`setTimeout(() => give({token: 'slow'}), 600)`);
  const cluster = await connectTo(server, { user: { exec }, surroundings: { timing: { request: 300 } } });
  await cluster.serverTime();
  expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer slow');
});

test.each([
  ['fails', `console.error('token expired, run acme login'); process.exit(3)`, 'token expired, run acme login'],
  ['says nothing', 'process.exit(3)', 'it said nothing'],
  ['prints something else', `console.log('hello')`, 'it printed something that is no ExecCredential'],
  ['prints no status', 'console.log("{}")', 'it printed something that is no ExecCredential'],
  ['gives nothing', 'give({})', 'it gave no credential'],
])('a program that %s', async (_title, body, words) => {
  const { exec } = await program(body);
  const cluster = await connectTo(server, { user: { exec } });
  const error = await cluster.serverTime().catch((thrown) => thrown);
  expect(error).toMatchObject({ reason: 'Unauthorized', exit: 'cluster', next: ['Log in again, then repeat the command.'] });
  expect(error.message).toBe(`the login program "${process.execPath}" of context "test" failed: ${words}`);
  expect(server.seen).toEqual([]);
});

test('a program that is not installed: the hint of the kubeconfig', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-login-program', installHint: 'get it from acme.example' };
  const cluster = await connectTo(server, { user: { exec } });
  const error = await cluster.serverTime().catch((thrown) => thrown);
  expect(error.message).toBe('the login program "no-such-login-program" of context "test" failed: it was not found');
  expect(error.next).toEqual(['get it from acme.example', 'Check that it is on the PATH.']);
});

test('a call that is aborted, or a cluster that is closed, does not wait for the login', async () => {
  // It ends with its directory, and so with this test.
  const { exec } = await program(`setTimeout(() => give({token: 'late'}), 15_000);
    setInterval(() => fs.existsSync(__filename) || process.exit(), 50);`);
  const cluster = await connectTo(server, { user: { exec } });
  const stop = new AbortController();
  const began = performance.now();
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } };
  const creating = cluster.openPort({ namespace: 'n', name: 'a' }, 1, stop.signal);
  const closing = cluster.create(pod);
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(creating).rejects.toThrow('enough');
  setTimeout(() => void cluster.close(), 50);
  await expect(closing).rejects.toMatchObject({ reason: 'Closed' });
  expect(performance.now() - began).toBeLessThan(10_000);
});
