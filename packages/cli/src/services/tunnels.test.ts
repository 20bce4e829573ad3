import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../plugins/catalogue.js';
import { createTunnels } from './tunnels.js';

const packages = [
  { id: 'rope', image: undefined },
  { id: 'wire', image: 'wire-agent' },
].map(({ id, image }) => ({
  name: `@x/${id}`,
  version: '1.2.3',
  root: `/x/${id}`,
  origin: 'core',
  pjson: { heddle: { tunnels: [{ id, apiVersion: 1, module: 'index.js', ...(image === undefined ? {} : { image }) }] } },
}));

const tunnels = (options: { flag?: string; imageChosen?: boolean } = {}) =>
  createTunnels({
    ...(options.flag === undefined ? {} : { flag: options.flag }),
    config: {
      clusters: {},
      agent: { image: 'agent:1', readyTimeout: 1 },
      defaults: { tunnel: 'rope', header: 'x-heddle', mesh: 'auto' },
      files: [],
      imageChosen: options.imageChosen ?? false,
    },
    catalogue: readCatalogue(packages),
    importModule: () => Promise.reject(new Error('not loaded in this test')),
  });

describe('the tunnel', () => {
  const entry = { context: 'staging', tunnel: 'wire' };

  it("is the flag's, then the cluster's, then the default", () => {
    expect(tunnels({ flag: 'wire' }).part({ context: 'x', tunnel: 'rope' }).id).toBe('wire');
    expect(tunnels().part(entry).id).toBe('wire');
    expect(tunnels().part(undefined).id).toBe('rope');
  });

  it('refuses one that is not installed, naming those that are', () => {
    expect(() => tunnels({ flag: 'string' }).part(undefined)).toThrow(
      expect.objectContaining({ code: 'unknown-tunnel', message: expect.stringContaining('rope, wire') }),
    );
  });

  it("names its own agent's image, unless somebody chose one", () => {
    expect(tunnels().agent(entry).image).toBe('wire-agent:1.2.3');
    expect(tunnels().agent(undefined).image).toBe('agent:1');
    expect(tunnels({ imageChosen: true }).agent(entry).image).toBe('agent:1');
  });
});
