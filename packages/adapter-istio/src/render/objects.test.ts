import { describe, expect, test } from 'vitest';
import { destinationRule, virtualService } from '../../test/support/objects.js';
import { HOST, rendered, rule, table, to } from '../../test/support/rendered.js';
import type { Raw } from '../decode/raw.js';

describe('objects that are there', () => {
  const split = [table([rule({ to: [to('v1')] })])];

  test('are not replaced, and are named', () => {
    const { objects, notes } = rendered(split, { objects: [virtualService('cart', { hosts: ['cart'], http: [] })] });
    expect(objects.map((object) => (object.metadata as Raw).name)).toEqual(['cart', 'cart-2']);
    expect(notes).toEqual([expect.stringMatching(/^VirtualService shop\/cart is there already.*named cart-2/)]);
  });

  test('define the subsets where they have the labels', () => {
    const theirs = { ...destinationRule('theirs', 'cart'), spec: { host: HOST, subsets: [{ name: 'stable', labels: { version: 'v1' } }] } };
    const { objects, http } = rendered(split, { objects: [theirs] });
    expect([objects.map(({ kind }) => kind), http[0]?.route]).toEqual([
      ['VirtualService'],
      [{ destination: { host: 'cart', subset: 'stable' } }],
    ]);
  });

  test('leave the names of their subsets to them', () => {
    const theirs = {
      ...destinationRule('cart', 'cart'),
      spec: { host: 'cart', exportTo: ['.'], subsets: [{ name: 'v1', labels: { app: 'x' } }] },
    };
    const { objects } = rendered(split, { objects: [theirs] });
    expect(objects[0]).toMatchObject({
      metadata: { name: 'cart-2' },
      spec: { exportTo: ['.'], subsets: [{ name: 'v1-2', labels: { version: 'v1' } }] },
    });
  });
});
