import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ApiServer, authority, startApiServer } from './support/api-server.js';
import { createAuthority, type Issued } from './support/certificates.js';
import { connectTo, temporaryDirectory } from './support/kubeconfig.js';

async function serverWith(certificate?: Issued): Promise<ApiServer> {
  const server = await startApiServer(certificate === undefined ? {} : { certificate });
  onTestFinished(() => server.stop());
  return server;
}

async function failureOf(server: ApiServer, cluster: object = {}) {
  const connected = await connectTo(server, { cluster });
  return connected.serverTime().then(
    () => undefined,
    (error) => error,
  );
}

test('a server of another CA is not trusted, and the address is named', async () => {
  const server = await serverWith(createAuthority('stranger').issue({ commonName: 'api' }, { names: ['127.0.0.1'] }));
  const error = await failureOf(server);
  expect(error).toMatchObject({ reason: 'Untrusted', code: 'cluster-untrusted', exit: 'cluster' });
  expect(error.message).toContain(`the certificate of ${server.url} (context "test") is not trusted`);
  expect(error.next[0]).toContain('certificate-authority');
});

test('insecure-skip-tls-verify trusts it all the same', async () => {
  const server = await serverWith(createAuthority('stranger').issue({ commonName: 'api' }, { names: ['127.0.0.1'] }));
  expect(await failureOf(server, { 'insecure-skip-tls-verify': true })).toBeUndefined();
});

test('a certificate for another name; tls-server-name says which one to expect', async () => {
  const server = await serverWith(authority.issue({ commonName: 'api' }, { names: ['api.internal'] }));
  const error = await failureOf(server);
  expect(error).toMatchObject({ reason: 'Untrusted' });
  expect(error.next).toEqual(['Use an address that the certificate names, or set tls-server-name in the kubeconfig.']);
  expect(await failureOf(server, { 'tls-server-name': 'api.internal' })).toBeUndefined();
});

test('an expired certificate', async () => {
  const server = await serverWith(authority.issue({ commonName: 'api' }, { names: ['127.0.0.1'], days: -1 }));
  const error = await failureOf(server);
  expect(error).toMatchObject({ reason: 'Untrusted' });
  expect(error.next[0]).toContain('clock');
});

test('a CA in a file', async () => {
  const server = await serverWith();
  const file = join(await temporaryDirectory(), 'ca.pem');
  await writeFile(file, server.ca);
  expect(await failureOf(server, { 'certificate-authority-data': '', 'certificate-authority': file })).toBeUndefined();
});

test('a server that wants a client certificate in the handshake, and gets none', async () => {
  const server = await serverWith();
  server.server.removeAllListeners('secureConnection');
  server.server.on('secureConnection', (socket) => socket.destroy());
  const error = await failureOf(server);
  expect(error).toMatchObject({ reason: 'Unreachable', exit: 'cluster' });
  expect(error.message).toContain('the connection to');
});

test('https to a server that speaks http', async () => {
  const plain = await startApiServer({ plain: true });
  onTestFinished(() => plain.stop());
  const error = await failureOf({ ...plain, url: plain.url.replace('http:', 'https:') });
  expect(error).toMatchObject({ reason: 'Unreachable' });
  expect(error.message).toContain('does not speak TLS');
});
