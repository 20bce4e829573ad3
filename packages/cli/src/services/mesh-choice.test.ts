import { type Cluster, type Detection, defineMeshAdapter, type MeshAdapter } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { readCatalogue } from '../plugins/catalogue.js';
import { createOutput } from '../terminal/output.js';
import type { Connection } from './connections.js';
import { createMeshChooser } from './mesh-choice.js';

/** An adapter of which only what choosing looks at is real. */
function adapter(id: string, title: string): MeshAdapter {
  const never = () => {
    throw new Error('not asked in this test');
  };
  return defineMeshAdapter({
    id,
    title,
    kinds: [{ group: `${id}.example.io`, kind: 'Route', plural: 'routes', namespaced: true, versions: ['v1'], verbs: ['get'] }],
    facts: [],
    detect: never,
    capabilities: never,
    reads: never,
    affects: never,
    inMesh: never,
    decode: never,
    owned: never,
    shadow: never,
    encode: never,
    accepted: never,
  });
}

const detection: Detection = {
  environment: { served: {}, settings: { root: 'a', zone: 'b' }, version: '1.2' },
  because: 'its CRDs are there',
};

function chooser(options: { present: readonly string[]; flag?: string; configured?: string; broken?: string }) {
  const packages = ['woven', 'knit'].map((id) => ({
    name: `@x/${id}`,
    version: '1.0.0',
    root: `/x/${id}`,
    origin: 'core',
    pjson: { heddle: { adapters: [{ id, apiVersion: 1, module: 'index.js' }] } },
  }));
  const imported: string[] = [];
  const terminal = bufferTerminal();
  const meshes = createMeshChooser({
    ...(options.flag === undefined ? {} : { flag: options.flag }),
    configured: options.configured ?? 'auto',
    catalogue: readCatalogue(packages),
    importModule: async (path) => {
      const id = path.split('/')[2] ?? '';
      imported.push(id);
      if (id === options.broken) throw new Error('syntax error');
      return { adapter: adapter(id, `${id.toUpperCase()} Mesh`) };
    },
    detect: async (_, adapters) => adapters.filter(({ id }) => options.present.includes(id)).map((each) => ({ adapter: each, detection })),
    output: createOutput(terminal, { output: 'text', quiet: false, verbose: false, yes: false }, {}),
  });
  return { meshes, imported, terminal };
}

const connection = (entry?: Connection['entry']): Connection => ({
  cluster: { name: 'staging' } as Cluster,
  context: 'staging',
  namespace: 'shop',
  ...(entry === undefined ? {} : { entry }),
});

describe('choosing a mesh', () => {
  it('takes the only one that is found', async () => {
    const { meshes, imported } = chooser({ present: ['knit'] });
    expect(await meshes.choose(connection())).toMatchObject({
      adapter: { id: 'knit' },
      chosenBy: 'detection',
      because: 'its CRDs are there',
    });
    expect(imported).toEqual(['woven', 'knit']);
  });

  it('takes the flag over the configuration, and loads that one alone', async () => {
    const { meshes, imported } = chooser({ present: ['woven', 'knit'], flag: 'woven' });
    const entry = { name: 'staging', context: 'staging', mesh: 'knit', options: { zone: 'mine' } };
    expect(await meshes.choose(connection(entry))).toMatchObject({
      adapter: { id: 'woven' },
      chosenBy: 'flag',
      env: { settings: { root: 'a', zone: 'mine' } },
    });
    expect(imported).toEqual(['woven']);
  });

  it("takes the cluster's entry over the default", async () => {
    const { meshes } = chooser({ present: ['woven', 'knit'], configured: 'woven' });
    expect((await meshes.choose(connection({ name: 's', context: 's', mesh: 'knit' }))).adapter.id).toBe('knit');
    expect((await meshes.choose(connection())).adapter.id).toBe('woven');
  });

  it('looks for the mesh with --mesh auto, whatever is configured', async () => {
    const { meshes } = chooser({ present: ['knit'], flag: 'auto', configured: 'woven' });
    expect(await meshes.choose(connection())).toMatchObject({ adapter: { id: 'knit' }, chosenBy: 'detection' });
  });

  it('refuses two, naming both and how to say which', async () => {
    await expect(chooser({ present: ['woven', 'knit'] }).meshes.choose(connection())).rejects.toMatchObject({
      code: 'mesh-ambiguous',
      message: 'Cluster staging runs two meshes: woven (its CRDs are there) and knit (its CRDs are there).',
      next: [expect.stringContaining('--mesh woven or --mesh knit'), expect.any(String)],
    });
  });

  it('refuses none, naming what was looked for', async () => {
    await expect(chooser({ present: [] }).meshes.choose(connection())).rejects.toMatchObject({
      code: 'mesh-not-found',
      exit: 'refused',
      message:
        'No mesh that an installed adapter knows was found in cluster staging; looked for WOVEN Mesh (Route.woven.example.io); KNIT Mesh (Route.knit.example.io).',
    });
  });

  it('refuses the mesh that was named when it is not there, and does not try another', async () => {
    await expect(chooser({ present: ['knit'], flag: 'woven' }).meshes.choose(connection())).rejects.toMatchObject({
      code: 'mesh-not-found',
      message: expect.stringMatching(/^--mesh says woven, but that mesh was not found/),
    });
  });

  it('lists what is installed for an unknown id', async () => {
    await expect(chooser({ present: [], flag: 'felt' }).meshes.choose(connection())).rejects.toMatchObject({
      code: 'unknown-adapter',
      message: expect.stringContaining('woven, knit'),
    });
  });

  it('warns of an adapter that does not load, and works with the others', async () => {
    const { meshes, terminal } = chooser({ present: ['knit'], broken: 'woven' });
    expect((await meshes.choose(connection())).adapter.id).toBe('knit');
    expect(terminal.stderr.text()).toMatch(/^Warning: The adapter woven of @x\/woven 1\.0\.0 does not work: .*syntax error/);
  });

  it('gives all of them for clean-up', async () => {
    const all = await chooser({ present: ['woven', 'knit'] }).meshes.all(connection());
    expect(all.map(({ adapter: each }) => each.id)).toEqual(['woven', 'knit']);
  });
});
