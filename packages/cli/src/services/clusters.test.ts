import { type Cluster, ClusterError, detectMeshes } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferTerminal } from '../../test/support/buffer-terminal.js';
import { expectShape } from '../../test/support/schemas.js';
import { type TwoMeshes, twoMeshes } from '../../test/support/two-meshes.js';
import type { ClusterConfig } from '../config/types.js';
import { readCatalogue } from '../plugins/catalogue.js';
import { renderClusters } from '../rendering/clusters.js';
import { createOutput, type Output } from '../terminal/output.js';
import { styleFor } from '../terminal/style.js';
import { createClustersService } from './clusters.js';

let world: TwoMeshes;
beforeAll(async () => {
  world = await twoMeshes();
});
afterAll(() => world.stop());

const contexts = [
  { name: 'staging-admin', cluster: 'staging', current: true },
  { name: 'eu-1', cluster: 'eu', namespace: 'shop', current: false },
];

/** `connect`: what stands behind a context; the clock jumps over every wait. */
function service(connect: (context: string) => Promise<Cluster>, clusters: Readonly<Record<string, ClusterConfig>> = {}) {
  const asked: unknown[] = [];
  const output: Output = createOutput(bufferTerminal(), { output: 'text', quiet: false, verbose: false, yes: false }, {});
  const list = createClustersService({
    config: {
      clusters,
      agent: { image: 'x', readyTimeout: 1 },
      defaults: { tunnel: 'ssh', header: 'x-heddle', mesh: 'auto' },
      files: ['/somewhere/config.yaml'],
      imageChosen: false,
    },
    listContexts: async (options) => {
      asked.push(options);
      return contexts;
    },
    connectCluster: async (options) => {
      asked.push(options);
      return connect(options.context ?? '');
    },
    catalogue: readCatalogue(
      [['adapters', 'woven'] as const, ['adapters', 'knit'] as const, ['tunnels', 'ssh'] as const].map(([kind, id]) => ({
        name: `@x/${id}`,
        version: '1.0.0',
        root: `/x/${id}`,
        origin: 'core',
        pjson: { heddle: { [kind]: [{ id, apiVersion: 1, module: 'index.js' }] } },
      })),
    ),
    importModule: async (path) => ({ adapter: world.adapter(path.split('/')[2] ?? '') }),
    detect: detectMeshes,
    output,
    clock: {
      sleep: (_, signal) => new Promise((done) => setTimeout(done, 200).unref() && signal?.addEventListener('abort', () => done())),
    },
    kubeconfig: '/other',
  });
  return { list, asked };
}

describe('heddle clusters', () => {
  it('asks no cluster with offline: contexts, and what the configuration says of them', async () => {
    const clusters = { eu: { context: 'eu-*', mesh: 'woven', tunnel: 'wire' }, all: { context: '*-1' }, old: { context: 'gone' } };
    const { list, asked } = service(() => Promise.reject(new Error('asked')), clusters);
    const report = await list.list({ offline: true });
    expectShape('clusters', report);
    expect(report).toEqual({
      contexts: [
        { context: 'staging-admin', current: true, mesh: 'auto', tunnel: 'ssh' },
        {
          context: 'eu-1',
          current: false,
          namespace: 'shop',
          cluster: 'eu',
          mesh: 'woven',
          tunnel: 'wire',
          problem: 'fits several clusters of the configuration: eu, all',
        },
      ],
      unmatched: [{ cluster: 'old', context: 'gone' }],
      files: ['/somewhere/config.yaml'],
    });
    expect(asked).toEqual([{ kubeconfig: '/other' }]);
  });

  it('asks each cluster for its meshes, their versions, and what they can do', async () => {
    const { list, asked } = service(async (context) => world.cluster(context === 'eu-1' ? ['knit.example.io'] : undefined));
    const report = await list.list({ offline: false });
    expectShape('clusters', report);
    const knit = {
      adapter: 'knit',
      title: 'Knit',
      version: '1.2',
      because: 'its objects are served',
      can: ['match.header.exact'],
      cannot: expect.arrayContaining([{ feature: 'weights', why: 'knit has no weights' }]),
    };
    expect(report.contexts.map(({ answer }) => answer)).toEqual([
      { reached: true, kubernetes: 'v1.36.3', meshes: [expect.objectContaining({ adapter: 'woven' }), knit], others: [] },
      { reached: true, kubernetes: 'v1.36.3', meshes: [knit], others: [] },
    ]);
    expect(asked).toContainEqual({ kubeconfig: '/other', context: 'eu-1' });
    const paper = { style: styleFor(false), width: 120 };
    expect(renderClusters(report, paper)).toMatch(/staging-admin .*Woven 1\.2 and Knit 1\.2\n.*eu-1 .*Knit 1\.2\nWoven 1\.2 cannot: /);
  });

  it('a cluster that fails or hangs says so in its row, and the others are told all the same', async () => {
    const refused = new ClusterError({ reason: 'Unreachable', status: 0, message: 'connect ECONNREFUSED' });
    const { list } = service((context) => (context === 'eu-1' ? Promise.reject(refused) : new Promise(() => undefined)));
    const report = await list.list({ offline: false });
    expectShape('clusters', report);
    expect(report.contexts.map(({ answer }) => answer)).toEqual([
      { reached: false, why: 'no answer within 5 seconds' },
      { reached: false, why: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('tells what the configuration says and is not so, and meshes that no adapter knows', async () => {
    const clusters = {
      eu: { context: 'eu-*', namespaces: { 'shop-*': { mesh: 'woven' } } },
      staging: { context: 'staging-*', mesh: 'felt' },
    };
    const { list } = service(async () => world.cluster(['linkerd.io']), clusters);
    const { contexts: rows } = await list.list({ offline: false });
    expect(rows.map(({ problem }) => problem)).toEqual([
      'There is no adapter felt; installed: woven, knit.',
      'the configuration says woven, but that mesh was not found',
    ]);
    const wired = service(async () => world.cluster(), { staging: { context: 'staging-*', tunnel: 'wire' } });
    const [first, second] = (await wired.list.list({ offline: false })).contexts;
    expect([first?.problem, second?.problem]).toEqual(['There is no tunnel wire; installed: ssh.', undefined]);
    expect(rows[0]?.answer).toMatchObject({ meshes: [], others: [{ title: 'Linkerd', groups: ['linkerd.io'] }] });
  });
});
