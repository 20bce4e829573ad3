import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import provider, { tunnel } from './index.js';

const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /[\\/]ssh2[\\/]lib[\\/]/.test(file));

test('is a tunnel provider, by name and by default', () => {
  expect(provider).toBe(tunnel);
  expect(tunnel).toMatchObject({ $$type: '@heddle/TunnelProvider', apiVersion: 1, id: 'ssh', protocols: ['tcp'] });
});

test('ssh2 is loaded by connecting, not before', async () => {
  const agent = await tunnel.agent({ image: 'x', secretName: 'x', ports: [{ name: 'http', port: 8080 }], permitOpen: [] });
  expect(loaded()).toBe(false);
  const refused = () => Promise.reject(new Error('no way there'));
  const options = { signal: new AbortController().signal, log: () => {} };
  await expect(tunnel.connect(refused, agent, [], options)).rejects.toThrow('no way there');
  expect(loaded()).toBe(true);
});
