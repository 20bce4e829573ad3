import { defineTunnelProvider, MESH_ADAPTER_TYPE, type TunnelProvider } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import type { Part } from './catalogue.js';
import { loadAdapter, loadTunnel } from './load-part.js';

const part = (changes: Partial<Part> = {}): Part => ({
  kind: 'adapter',
  id: 'fake',
  apiVersion: 1,
  module: '/x/fake.js',
  package: '@x/fake',
  version: '1.0.0',
  origin: 'core',
  ...changes,
});
const adapter = { $$type: MESH_ADAPTER_TYPE, apiVersion: 1, id: 'fake', title: 'Fake' };
const load = (module: unknown, changes: Partial<Part> = {}) => loadAdapter(part(changes), async () => module);

describe('loadAdapter', () => {
  it.each<[string, unknown]>([
    ['the default export', { default: adapter }],
    ['the export named adapter', { adapter }],
    ["a CommonJS module's default", { default: { default: adapter } }],
    ["a CommonJS module's adapter", { default: { adapter } }],
  ])('takes %s', async (_, module) => {
    expect(await load(module)).toBe(adapter);
  });

  it('imports the module that was declared', async () => {
    const asked: string[] = [];
    await loadAdapter(part(), async (path) => {
      asked.push(path);
      return { adapter };
    });
    expect(asked).toEqual(['/x/fake.js']);
  });

  it.each<[string, unknown, string]>([
    ['no export', {}, "exports no adapter (neither by default nor as 'adapter')"],
    ['another thing', { default: { $$type: 'something' } }, 'exports no adapter'],
    ['another id', { default: { ...adapter, id: 'other' } }, 'calls itself other'],
  ])('refuses %s', async (_, module, message) => {
    await expect(load(module)).rejects.toMatchObject({ code: 'plugin-broken', message: expect.stringContaining(message) });
  });

  it('says why a module cannot be loaded', async () => {
    const failing = loadAdapter(part(), () => Promise.reject(new Error('Cannot find module x')));
    await expect(failing).rejects.toMatchObject({ code: 'plugin-broken', message: expect.stringContaining('Cannot find module x') });
  });

  it('refuses another version of the contract before it imports anything', async () => {
    const failing = loadAdapter(part({ apiVersion: 2 }), () => Promise.reject(new Error('imported')));
    await expect(failing).rejects.toMatchObject({
      code: 'plugin-incompatible',
      message: expect.stringMatching(/version 2 .* fits version 1/),
    });
  });

  it('refuses a module that is of another version than its package says', async () => {
    await expect(load({ adapter: { ...adapter, apiVersion: 2 } })).rejects.toMatchObject({ code: 'plugin-incompatible' });
  });
});

it('loadTunnel takes the export named tunnel', async () => {
  const tunnel = defineTunnelProvider({
    id: 'fake',
    title: 'Fake',
    protocols: ['tcp'],
    agent: () => Promise.reject(new Error()),
    connect: () => Promise.reject(new Error()),
  });
  const loaded: TunnelProvider = await loadTunnel(part({ kind: 'tunnel' }), async () => ({ tunnel }));
  expect(loaded).toBe(tunnel);
});
