import { describe, expect, it } from 'vitest';
import type { ObjectEdit } from '../../model/change.js';
import { ownedEdits } from './owned-edits.js';

const owner = { kind: 'session', namespace: 'shop', id: 'a1' } as const;
const labels = { 'app.kubernetes.io/managed-by': 'heddle', 'heddle.dev/session': 'a1' };
const create = (metadata: Readonly<Record<string, unknown>>): ObjectEdit => ({
  op: 'create',
  ref: { apiVersion: 'mesh.example/v1', kind: 'Route', namespace: 'shop', name: 'r' },
  stage: 'rules',
  why: '',
  body: { apiVersion: 'mesh.example/v1', kind: 'Route', metadata: { name: 'r', ...metadata } },
});
const owners = (edit: ObjectEdit, of: Parameters<typeof ownedEdits>[1] = owner) =>
  ownedEdits([edit], of, 'u1').map((one) =>
    one.op === 'create' ? (one.body.metadata as Record<string, unknown>).ownerReferences : undefined,
  );

describe('ownedEdits', () => {
  it('has an object of one owner owned by its Lease', () => {
    expect(owners(create({ namespace: 'shop', labels }))).toEqual([
      [{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'heddle-a1', uid: 'u1', controller: true }],
    ]);
    const route = { kind: 'route', namespace: 'shop', id: 'cart.split' } as const;
    const standing = { 'app.kubernetes.io/managed-by': 'heddle', 'heddle.dev/route': 'cart.split' };
    expect(owners(create({ namespace: 'shop', labels: standing }), route)).toMatchObject([[{ name: 'heddle-cart.split' }]]);
  });

  it.each([
    ['another namespace, where it could not be', { namespace: 'desk', labels }],
    ['rules of several owners', { namespace: 'shop', labels: { 'app.kubernetes.io/managed-by': 'heddle' } }],
    ["another owner's rules", { namespace: 'shop', labels: { ...labels, 'heddle.dev/session': 'b2' } }],
    ["a user's rules", { namespace: 'shop', labels: { 'heddle.dev/session': 'a1' } }],
  ])('leaves one alone that is for %s', (_, metadata) => expect(owners(create(metadata))).toEqual([undefined]));
});
