import { describe, expect, it } from 'vitest';
import type { Change } from '../model/change.js';
import { requiredFeatures } from './required-features.js';

const change: Change = {
  owner: { kind: 'session', namespace: 'shop', id: 'a1' },
  services: [{ namespace: 'shop', name: 'tomcat', port: 80 }],
  views: 'all',
  versions: [
    { id: 'own', realise: 'service', service: { namespace: 'shop', name: 'own' } },
    { id: 'sub', realise: 'subset', labels: { version: 'v2' } },
  ],
  intents: [],
};

describe('requiredFeatures', () => {
  it('names conditions, negated ones too, and how the versions in use are realised', () => {
    const match = {
      path: { kind: 'exact' as const, value: '/a', ignoreCase: true },
      headers: [
        { name: 'x', is: { not: { prefix: 'a' } } },
        { name: 'y', is: { absent: true as const } },
      ],
    };
    expect(requiredFeatures({ ...change, intents: [{ match: [match], to: [{ version: 'own', weight: 1 }] }] })).toEqual([
      'match.path.exact',
      'match.path.ignoreCase',
      'match.header.prefix',
      'match.header.absent',
      'match.header.not',
      'to.service',
    ]);
  });

  it('names weights, mirrors, faults and views', () => {
    const split = {
      match: [],
      to: [
        { version: 'own', weight: 1 },
        { version: 'sub', weight: 1 },
      ],
    };
    const all: Change = {
      ...change,
      views: [{ plane: 'gateway', gateway: { namespace: 'edge', selector: {} } }],
      intents: [split, { match: [], mirror: { version: 'sub', percent: 10 } }, { match: [], fault: {} }],
    };
    expect(requiredFeatures(all)).toEqual(['to.service', 'to.subset', 'weights', 'mirror', 'fault', 'view.gateway']);
  });

  it('asks nothing of a mesh to remove rules', () => {
    expect(requiredFeatures({ ...change, views: [{ plane: 'mesh', clients: {} }] })).toEqual([]);
  });
});
