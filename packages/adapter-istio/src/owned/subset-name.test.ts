import { expect, it } from 'vitest';
import { isOwnSubset, ownerOfSubset, subsetName, versionSubsetName } from './subset-name.js';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const cart = { namespace: 'shop', name: 'cart' };
const route = (ports: string) => ({ kind: 'route', namespace: 'shop', id: `cart.${ports}` }) as const;

it('a subset says whose it is', () => {
  expect(ownerOfSubset(subsetName('a1b2'), cart)).toEqual({ kind: 'session', namespace: 'shop', id: 'a1b2' });
  for (const ports of ['80', '80-8080', 'ports-0a1b2c']) {
    expect(ownerOfSubset(versionSubsetName(route(ports), 'v1'), cart)).toEqual(route(ports));
  }
  expect(['v1', 'heddle', 'heddle-', 'heddle-80', 'heddle-80-v1', 'heddle-80--', undefined].filter(isOwnSubset)).toEqual(['heddle-80']);
});

it('a version’s is a DNS label that keeps versions apart, whatever the version is called', () => {
  const versions = ['v1', 'V1', '1.2.3', '1-2-3', 'a_b', '--', 'v-', 'x'.repeat(63), `${'x'.repeat(62)}y`];
  const names = versions.map((version) => versionSubsetName(route('80-8080'), version) ?? '');
  expect(new Set(names).size).toBe(versions.length);
  for (const name of names) {
    expect(name).toMatch(LABEL);
    expect(name.length).toBeLessThanOrEqual(63);
    expect(ownerOfSubset(name, cart)).toEqual(route('80-8080'));
  }
  expect(names[0]).toBe('heddle-80-8080--v1');
});

it('more ports than a name has room for have none', () => {
  const many = Array.from({ length: 10 }, (_, n) => 10000 + n).join('-');
  expect(versionSubsetName(route(many), 'v1')).toBeUndefined();
});
