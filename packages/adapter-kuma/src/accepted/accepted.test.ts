import type { KubeObject, ObjectEdit } from '@heddle/core';
import { expect, it } from 'vitest';
import { kuma } from '../../test/support/mesh-objects.js';
import { accepted } from './accepted.js';

const ref = { apiVersion: 'kuma.io/v1alpha1', kind: 'MeshHTTPRoute', namespace: 'shop', name: 'r' };
const body: KubeObject = { ...ref, metadata: { name: 'r', namespace: 'shop' }, spec: { to: [{ rules: [{ matches: [{}] }] }] } };
const create: ObjectEdit = { ref, stage: 'rules', why: '', op: 'create', body };
const gone: ObjectEdit = { ref, stage: 'rules', why: '', op: 'delete', uid: 'u', resourceVersion: '1' };
const state = (edit: ObjectEdit, live: unknown) => accepted(edit, live, kuma());

it('an object that stands as it was written is accepted, with what the server and the mesh have filled in', () => {
  expect(state(create, body)).toEqual({ state: 'accepted' });
  const filled = { ...body, spec: { targetRef: { kind: 'Mesh' }, to: [{ rules: [{ matches: [{}], default: {} }] }] } };
  expect(state(create, filled)).toEqual({ state: 'accepted' });
});

it('one that lacks something of it, or is gone, or that the mesh says no to, is rejected', () => {
  expect(state(create, undefined)).toMatchObject({ state: 'rejected' });
  expect(state(create, { ...body, spec: { to: [{ rules: [] }] } })).toEqual({
    state: 'rejected',
    message: 'the cluster did not keep spec/to/0/rules',
  });
  const refusing = { ...body, status: { conditions: [{ type: 'Accepted', status: 'False', message: 'no' }] } };
  expect(state(create, refusing)).toEqual({ state: 'rejected', message: 'no' });
});

it('a deletion is accepted once the object is gone, or another has its name', () => {
  expect(state(gone, undefined)).toEqual({ state: 'accepted' });
  expect(state(gone, { ...body, metadata: { name: 'r', uid: 'v' } })).toMatchObject({ state: 'accepted' });
  expect(state(gone, { ...body, metadata: { name: 'r', uid: 'u' } })).toEqual({ state: 'pending', message: 'it is still there' });
  expect(state(gone, { ...body, metadata: { name: 'r', uid: 'u', deletionTimestamp: 'now' } })).toMatchObject({
    message: 'it is being deleted',
  });
});
