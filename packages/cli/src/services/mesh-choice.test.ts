import { detectMeshes, type KubeObject, type MeshAdapter } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { type TwoMeshes, twoMeshes } from '../../test/support/two-meshes.js';
import { type InstalledPackage, readCatalogue } from '../plugins/catalogue.js';
import { createOutput } from '../terminal/output.js';
import type { Connection } from './connections.js';
import { meshNotFound } from './mesh-choice/mesh-errors.js';
import { createMeshChooser } from './mesh-choice.js';

/** A cluster with the objects of two toy meshes: namespaces shop (woven), bank (knit), both, none, and next (injected, no pods). */
let world: TwoMeshes;
beforeAll(async () => {
  world = await twoMeshes();
});
afterAll(() => world.stop());

interface Options {
  /** Groups that the cluster serves; default: those of both meshes. */
  readonly present?: readonly string[];
  readonly more?: readonly string[];
  readonly flag?: string;
  readonly configured?: string;
  readonly broken?: string;
  readonly throwing?: string;
  readonly packages?: readonly InstalledPackage[];
}

const packaged = (id: string, name = `@x/${id}`, origin = 'core'): InstalledPackage => ({
  name,
  version: '1.0.0',
  root: `/x/${id}`,
  origin,
  pjson: { heddle: { adapters: [{ id, apiVersion: 1, module: 'index.js' }] } },
});

function chooser(options: Options = {}) {
  const imported: string[] = [];
  const terminal = bufferTerminal();
  const meshes = createMeshChooser({
    ...(options.flag === undefined ? {} : { flag: options.flag }),
    configured: options.configured ?? 'auto',
    catalogue: readCatalogue(options.packages ?? [packaged('woven'), packaged('knit')]),
    importModule: async (path) => {
      const id = path.split('/')[2] ?? '';
      imported.push(id);
      if (id === options.broken) throw new Error('syntax error');
      const { adapter } = world;
      if (id !== options.throwing) return { adapter: adapter(id) };
      return { adapter: { ...adapter(id), detect: () => Object.fromEntries([[(undefined as unknown as { x: string }).x, 1]]) } };
    },
    detect: detectMeshes,
    output: createOutput(terminal, { output: 'text', quiet: false, verbose: false, yes: false }, {}),
  });
  return { meshes, imported, terminal };
}

const connection = (namespace = 'shop', entry?: Connection['entry'], present?: readonly string[]): Connection => ({
  cluster: world.cluster(present),
  context: 'staging',
  namespace,
  flags: '',
  ...(entry === undefined ? {} : { entry }),
});

const entry = (more: Partial<NonNullable<Connection['entry']>>) => ({ name: 'staging', context: 'staging', ...more });

describe('one mesh in the cluster', () => {
  it('is taken, whatever its pods', async () => {
    const { meshes, imported } = chooser();
    expect(await meshes.choose(connection('none', undefined, ['knit.example.io']))).toMatchObject({
      adapter: { id: 'knit' },
      chosenBy: 'detection',
      because: 'its objects are served',
    });
    expect(imported).toEqual(['woven', 'knit']);
  });
});

describe('what the user says', () => {
  it('the flag counts before the configuration, and that adapter alone is loaded', async () => {
    const { meshes, imported } = chooser({ flag: 'woven' });
    expect(await meshes.choose(connection('bank', entry({ mesh: 'knit' })))).toMatchObject({ adapter: { id: 'woven' }, chosenBy: 'flag' });
    expect(imported).toEqual(['woven']);
  });

  it("the cluster's entry counts before the default", async () => {
    const { meshes } = chooser({ configured: 'woven' });
    expect((await meshes.choose(connection('shop', entry({ mesh: 'knit' })))).adapter.id).toBe('knit');
    expect((await meshes.choose(connection('bank'))).adapter.id).toBe('woven');
  });

  it("a namespace's entry counts before the cluster's, and a service's before both", async () => {
    const namespaces = { 'sh*': { mesh: 'knit' }, 'shop/cart-*': { mesh: 'woven' } };
    const { meshes, imported } = chooser();
    const here = connection('shop', entry({ mesh: 'woven', namespaces }));
    expect(await meshes.choose(here, 'pay')).toMatchObject({ adapter: { id: 'knit' }, chosenBy: 'config' });
    expect(await meshes.choose(here, 'cart-v1')).toMatchObject({ adapter: { id: 'woven' }, chosenBy: 'config' });
    expect((await meshes.choose(connection('bank', here.entry))).adapter.id).toBe('woven');
    expect(imported).toEqual(['knit', 'woven', 'woven']);
  });

  it('two entries for one namespace are an error that names both', async () => {
    const namespaces = { 'sh*': { mesh: 'knit' }, shop: { mesh: 'woven' } };
    await expect(chooser().meshes.choose(connection('shop', entry({ namespaces })))).rejects.toMatchObject({
      code: 'mesh-ambiguous',
      message: 'Namespace shop fits two entries of clusters.staging.namespaces in the configuration: sh* and shop.',
    });
  });

  it('options stand beside the mesh that they are of', async () => {
    const all = entry({ mesh: 'woven', options: { zone: 'a' }, namespaces: { bank: { mesh: 'knit', options: { zone: 'b' } } } });
    const settings = async (namespace: string, flag?: string) =>
      (await chooser(flag === undefined ? {} : { flag }).meshes.choose(connection(namespace, all))).env.settings;
    expect(await settings('shop')).toEqual({ root: 'woven', zone: 'a' });
    expect(await settings('bank')).toEqual({ root: 'knit', zone: 'b' });
    expect(await settings('shop', 'knit')).toEqual({ root: 'knit' });
    expect(await settings('bank', 'woven')).toEqual({ root: 'woven', zone: 'a' });
  });

  it('--mesh auto looks for the mesh, whatever is configured', async () => {
    const { meshes } = chooser({ flag: 'auto', configured: 'woven' });
    expect(await meshes.choose(connection('bank', entry({ mesh: 'woven' })))).toMatchObject({
      adapter: { id: 'knit' },
      chosenBy: 'detection',
    });
  });

  it('an unknown id is refused with the list of those that there are', async () => {
    await expect(chooser({ flag: 'felt' }).meshes.choose(connection())).rejects.toMatchObject({
      code: 'unknown-adapter',
      message: expect.stringContaining('woven, knit'),
    });
  });
});

describe('two meshes in one cluster', () => {
  const choose = (namespace: string, service?: string) => chooser().meshes.choose(connection(namespace), service);

  it.each([
    ['shop', 'cart', 'woven', '2 of 2 pods of cart have the proxy of Woven'],
    ['both', 'left', 'woven', '1 of 1 pods of left have the proxy of Woven'],
    ['both', 'right', 'knit', '1 of 1 pods of right have the proxy of Knit'],
    ['shop', 'without-pods', 'woven', '2 of 3 pods in shop have the proxy of Woven'],
    ['bank', undefined, 'knit', '1 of 1 pods in bank have the proxy of Knit'],
    ['next', 'waiting', 'knit', 'a new pod in next would get the proxy of Knit'],
  ] as const)('%s/%s: the pods decide', async (namespace, service, id, because) => {
    expect(await choose(namespace, service)).toMatchObject({
      adapter: { id },
      chosenBy: 'detection',
      because: `its objects are served; ${because}`,
    });
  });

  it.each([
    ['both', undefined, '1 of 2 pods in both have the proxy of Woven, and 1 of 2 pods in both have the proxy of Knit'],
    ['none', 'lonely', 'no pod in none has the proxy of either'],
    ['empty', undefined, 'no pod in empty has the proxy of either'],
    ['twice', 'waiting', 'no pod in twice has a proxy yet, and a new one would get that of Woven and of Knit'],
  ] as const)('%s/%s cannot be told: an error that names both and what gave each away', async (namespace, service, unclear) => {
    await expect(choose(namespace, service)).rejects.toMatchObject({
      code: 'mesh-ambiguous',
      exit: 'usage',
      message: `Cluster sandbox runs two meshes, woven (its objects are served) and knit (its objects are served), and nothing says which one ${[namespace, service].filter((each) => each !== undefined).join('/')} is in: ${unclear}.`,
      next: [
        'Say which: --mesh woven or --mesh knit',
        `Say it for good: heddle config set clusters.staging '{context: "staging", namespaces: {${namespace}: {mesh: woven}}}'`,
      ],
    });
  });

  it('an entry of the configuration is told how to say it for good', async () => {
    await expect(chooser().meshes.choose(connection('both', entry({ name: 'eu.west' })))).rejects.toMatchObject({
      next: expect.arrayContaining([`Say it for good: heddle config set 'clusters."eu.west".namespaces.both.mesh' woven`]),
    });
  });

  it('all of them are there for clean-up', async () => {
    const all = await chooser().meshes.all(connection('both'));
    expect(all.map(({ adapter }) => adapter.id)).toEqual(['woven', 'knit']);
  });
});

describe('a mesh that is not there, or that nobody knows', () => {
  it('names what was looked for', async () => {
    await expect(chooser().meshes.choose(connection('shop', undefined, []))).rejects.toMatchObject({
      code: 'mesh-not-found',
      exit: 'refused',
      message:
        'No mesh that an installed adapter knows was found in cluster sandbox; looked for Woven (Route.woven.example.io); Knit (Route.knit.example.io).',
    });
  });

  it('names the first kinds of a mesh that has many, and counts the others', () => {
    const kinds = ['A', 'B', 'C', 'D', 'E'].map((kind) => ({ ...world.adapter('woven').kinds[0], group: 'woven.example.io', kind }));
    const adapter = { ...world.adapter('woven'), kinds } as MeshAdapter;
    const { message } = meshNotFound({ cluster: 'x', served: [], adapters: [adapter], others: [], broken: false });
    expect(message).toContain('looked for Woven (A.woven.example.io, B.woven.example.io, C.woven.example.io, 2 more).');
  });

  it('names one that has no adapter here, by its objects', async () => {
    await expect(chooser().meshes.choose(connection('shop', undefined, ['policy.linkerd.io', 'linkerd.io']))).rejects.toMatchObject({
      code: 'mesh-not-found',
      message: expect.stringMatching(
        /^Cluster sandbox has Linkerd \(linkerd\.io, policy\.linkerd\.io\), for which no adapter is installed; looked for Woven/,
      ),
      next: expect.arrayContaining([expect.stringContaining('heddle knows no adapter for Linkerd')]),
    });
  });

  it('refuses the one that was named, tells which is there, and does not take it', async () => {
    await expect(chooser({ flag: 'woven' }).meshes.choose(connection('shop', undefined, ['knit.example.io']))).rejects.toMatchObject({
      code: 'mesh-not-found',
      message: expect.stringMatching(
        /^--mesh says woven, but that mesh was not found in cluster sandbox; .*\. There is Knit \(its objects are served\)\.$/,
      ),
    });
    const namespaces = { shop: { mesh: 'woven' } };
    await expect(chooser().meshes.choose(connection('shop', entry({ namespaces }), ['knit.example.io']))).rejects.toMatchObject({
      message: expect.stringMatching(/^The configuration for shop says woven, but/),
    });
  });
});

describe('adapters in trouble', () => {
  it('one that does not load is warned of, and the others work', async () => {
    const { meshes, terminal } = chooser({ broken: 'woven' });
    expect((await meshes.choose(connection('bank'))).adapter.id).toBe('knit');
    expect(terminal.stderr.text()).toMatch(/^Warning: The adapter woven of @x\/woven 1\.0\.0 does not work: .*syntax error/);
  });

  it('one that throws while it looks for its mesh, too', async () => {
    const { meshes, terminal } = chooser({ throwing: 'woven' });
    expect((await meshes.choose(connection('bank'))).adapter.id).toBe('knit');
    expect(terminal.stderr.text()).toMatch(/^Warning: The adapter woven fails to look for its mesh: /);
  });

  it('a plugin with the id of a bundled adapter is not used, nor are two plugins of one id', async () => {
    const rival = packaged('woven', 'rival', 'user');
    const bundled = chooser({ packages: [packaged('woven'), packaged('knit'), rival], flag: 'woven' });
    expect((await bundled.meshes.choose(connection('shop'))).adapter.id).toBe('woven');
    const both = [packaged('woven', 'first', 'user'), rival, packaged('knit')];
    const disputed = chooser({ packages: both });
    expect((await disputed.meshes.choose(connection('bank'))).adapter.id).toBe('knit');
    expect(disputed.terminal.stderr.text()).toBe(
      'Warning: The adapter woven comes from two packages, first 1.0.0 and rival 1.0.0. Neither is used.\n',
    );
    await expect(chooser({ packages: both, flag: 'woven' }).meshes.choose(connection())).rejects.toMatchObject({
      code: 'plugin-duplicate',
    });
  });
});

it('pods that may not be listed leave two meshes unclear', async () => {
  const { cluster, ...rest } = connection('shop');
  const forbidden = Object.assign(Object.create(cluster) as typeof cluster, {
    list: async (query: { kind: string }): Promise<readonly KubeObject[]> => {
      if (query.kind === 'Pod') throw world.forbidden();
      return cluster.list({ group: '', ...query });
    },
  });
  await expect(chooser().meshes.choose({ cluster: forbidden, ...rest })).rejects.toMatchObject({
    code: 'mesh-ambiguous',
    message: expect.stringContaining('pods in shop may not be listed'),
  });
});
