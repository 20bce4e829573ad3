import { FEATURES, isSupported } from '@heddle/core';
import { expect, it } from 'vitest';
import { kuma } from '../../test/support/mesh-objects.js';
import { capabilities } from './capabilities.js';

const missing = (routing?: string, version?: string) => {
  const declared = capabilities(kuma(version, routing === undefined ? {} : { routing }));
  return FEATURES.filter((feature) => !isSupported(declared, feature));
};
const always = ['match.path.ignoreCase', 'match.scheme', 'match.authority', 'match.header.not', 'to.subset', 'fault', 'view.gateway'];

it('depends on what the mesh routes by', () => {
  expect(missing('MeshHTTPRoute')).toEqual(['match.path.rawPrefix', ...always]);
  expect(missing('TrafficRoute').toSorted()).toEqual([...always, 'match.header.absent', 'match.query', 'mirror'].toSorted());
  expect(missing()).toEqual(always);
});

it('has no tags from Kuma 3 on', () => {
  expect(missing('MeshHTTPRoute', '3.0.0')).toContain('to.tag');
});

it('says of everything that it cannot do why, and mostly what would work', () => {
  for (const routing of ['MeshHTTPRoute', 'TrafficRoute', '']) {
    const declared = capabilities(kuma('2.14.3', { routing }));
    for (const feature of FEATURES) expect(declared[feature], feature).toBeDefined();
  }
});
