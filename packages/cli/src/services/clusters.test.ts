import { expect, it } from 'vitest';
import { createClustersService } from './clusters.js';

const contexts = [
  { name: 'staging-admin', cluster: 'staging', current: true },
  { name: 'eu-1', cluster: 'eu', namespace: 'shop', current: false },
];

it('joins contexts with the configuration, and tells what does not fit', async () => {
  const asked: unknown[] = [];
  const service = createClustersService({
    config: {
      clusters: { eu: { context: 'eu-*', mesh: 'woven' }, all: { context: '*-1' }, old: { context: 'gone' } },
      agent: { image: 'x', readyTimeout: 1 },
      defaults: { tunnel: 'ssh', header: 'x-heddle', mesh: 'auto' },
      files: ['/somewhere/config.yaml'],
      imageChosen: false,
    },
    listContexts: async (options) => {
      asked.push(options);
      return contexts;
    },
    kubeconfig: '/other',
  });
  expect(await service.list()).toEqual({
    contexts: [
      { context: 'staging-admin', current: true, mesh: 'auto' },
      {
        context: 'eu-1',
        current: false,
        namespace: 'shop',
        cluster: 'eu',
        mesh: 'woven',
        problem: 'fits several clusters of the configuration: eu, all',
      },
    ],
    unmatched: [{ cluster: 'old', context: 'gone' }],
    files: ['/somewhere/config.yaml'],
  });
  expect(asked).toEqual([{ kubeconfig: '/other' }]);
});
