import type { Config } from '@oclif/core';
import { expect, it } from 'vitest';
import { installedPackages } from './installed-packages.js';

it('lists packages in one order, whatever loaded first: those of heddle, then by name', () => {
  const plugins = [
    ['@acme/adapter', 'user'],
    ['@heddle/b', 'core'],
    ['another', 'link'],
    ['@heddle/a', 'core'],
  ].map(([name, type]) => ({ name, type, version: '1.0.0', root: '/', pjson: {} }));
  const orders = [plugins, plugins.toReversed()].map((list) =>
    installedPackages({ getPluginsList: () => list } as unknown as Pick<Config, 'getPluginsList'>).map(({ name }) => name),
  );
  expect(orders).toEqual([
    ['@heddle/a', '@heddle/b', '@acme/adapter', 'another'],
    ['@heddle/a', '@heddle/b', '@acme/adapter', 'another'],
  ]);
});
