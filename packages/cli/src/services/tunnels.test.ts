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

const tunnels = (options: { flag?: string; imageChosen?: boolean; images?: Readonly<Record<string, string>> } = {}) =>
  createTunnels({
    ...(options.flag === undefined ? {} : { flag: options.flag }),
    config: {
      clusters: {},
      agent: { image: 'agent:1', readyTimeout: 1, ...(options.images === undefined ? {} : { images: options.images }) },
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
    expect(tunnels().agent(entry)).toEqual({ image: 'wire-agent:1.2.3', readyTimeout: 1 });
    expect(tunnels().agent(undefined).image).toBe('agent:1');
    expect(tunnels().imageSetting(entry)).toEqual({ key: 'agent.images.wire', isSet: false });
    expect(tunnels().imageSetting(undefined)).toEqual({ key: 'agent.image', isSet: false });
  });

  it("has the configured image only if that is its own: agent.image is the default tunnel's, agent.images counts before it", () => {
    const chosen = tunnels({ imageChosen: true });
    expect(chosen.agent(undefined).image).toBe('agent:1');
    expect(chosen.imageSetting(undefined)).toEqual({ key: 'agent.image', isSet: true });
    expect(chosen.agent(entry).image).toBe('wire-agent:1.2.3');
    expect(chosen.imageSetting(entry).isSet).toBe(false);
    const both = tunnels({ imageChosen: true, images: { wire: 'mine:2', rope: 'mine:3' } });
    expect(both.agent(entry)).toEqual({ image: 'mine:2', readyTimeout: 1 });
    expect(both.agent(undefined).image).toBe('mine:3');
    expect(both.imageSetting(undefined)).toEqual({ key: 'agent.images.rope', isSet: true });
  });
});
