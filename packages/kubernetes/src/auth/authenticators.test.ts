import { expect, test } from 'vitest';
import { type AuthOptions, importAlone, loadAuthenticator, wholeKubeConfig } from './authenticators.js';

const script = `console.log(JSON.stringify({status: {token: 'abc', clientCertificateData: 'cert', clientKeyData: 'key'}}))`;
const execUser = { name: 'u', exec: { command: process.execPath, args: ['-e', script] } };

const token = (claims: object) => ['{}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');

async function applied(load: ReturnType<typeof loadAuthenticator>, user: unknown): Promise<AuthOptions> {
  const options: AuthOptions = { headers: {} };
  await (await load).applyAuthentication(user, options);
  return options;
}

test('the exec part of client-node is found alone, and does what the whole does', async () => {
  const alone = loadAuthenticator('exec');
  // The field by which a login program gets the terminal: were it gone, we would have come by the whole package.
  expect(await alone).toHaveProperty('execFn');
  const expected = { headers: { Authorization: 'Bearer abc' }, cert: 'cert', key: 'key' };
  expect(await applied(alone, execUser)).toEqual(expected);
  expect(await applied(wholeKubeConfig(), execUser)).toMatchObject(expected);
});

test.each([
  ['azure', 'AzureAuth'],
  ['gcp', 'GoogleCloudPlatformAuth'],
] as const)('%s, alone too, gives the token that it has', async (name, part) => {
  const user = { name: 'u', authProvider: { name, config: { 'access-token': 'abc', expiry: '2999-01-01T00:00:00Z' } } };
  const alone = await loadAuthenticator(name);
  expect(alone.constructor.name).toBe(part);
  expect(await applied(Promise.resolve(alone), user)).toEqual({ headers: { Authorization: 'Bearer abc' } });
});

test('oidc, by the whole package', async () => {
  const idToken = token({ exp: 32503680000 });
  const user = { name: 'u', authProvider: { name: 'oidc', config: { 'id-token': idToken } } };
  expect(await applied(loadAuthenticator('other'), user)).toMatchObject({ headers: { Authorization: `Bearer ${idToken}` } });
});

test('what is laid out otherwise is left to the whole package', async () => {
  expect(await importAlone('no_such_file.js', 'ExecAuth')).toBeUndefined();
  expect(await importAlone('exec_auth.js', 'NoSuchClass')).toBeUndefined();
  expect(await importAlone('config_types.js', 'newClusters')).toBeUndefined();
});
