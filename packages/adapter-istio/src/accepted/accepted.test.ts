import type { KubeObject, ObjectEdit } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { env, virtualService } from '../../test/support/objects.js';
import { accepted } from './accepted.js';

const ours = {
  name: 'heddle/session/shop/a1/0',
  match: [{ headers: { h: { exact: 'x' } } }],
  route: [{ destination: { host: 's' } }],
  mirrors: [{ percentage: { value: 1 } }],
};
const object = virtualService('cart', { hosts: ['cart'], http: [ours, { route: [{ destination: { host: 'cart' } }] }] });
const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'cart' };
const replace: ObjectEdit = { ref, stage: 'rules', op: 'replace', body: object, uid: 'u', resourceVersion: '1', why: '' };
const remove: ObjectEdit = { ref, stage: 'rules', op: 'delete', uid: 'u', resourceVersion: '1', why: '' };
const withHttp = (http: unknown[]): KubeObject => ({ ...object, spec: { hosts: ['cart'], http } });

describe('accepted', () => {
  it('is what reads back equal, whatever the server wrote into metadata and status', () => {
    const live = { ...object, metadata: { ...(object.metadata as object), resourceVersion: '99' }, status: { x: 1 } };
    expect(accepted(replace, live, env)).toEqual({ state: 'accepted' });
  });

  it('tells what the schema of an old cluster dropped (case 12)', () => {
    const { mirrors: _, ...pruned } = ours;
    const answer = accepted(replace, withHttp([pruned, { route: [{ destination: { host: 'cart' } }] }]), env);
    expect(answer.state).toBe('rejected');
    expect(answer.message).toContain('heddle/session/shop/a1/0/mirrors');
  });

  it('does not mind what others changed elsewhere', () => {
    expect(accepted(replace, withHttp([ours, { route: [{ destination: { host: 'other' } }] }]), env).state).toBe('accepted');
  });

  it('misses a rule that is gone, and an object that is gone', () => {
    expect(accepted(replace, withHttp([{ route: [] }]), env)).toMatchObject({
      state: 'rejected',
      message: expect.stringContaining('rule heddle/session'),
    });
    expect(accepted(replace, undefined, env).state).toBe('rejected');
  });

  it('waits for a deletion, and knows another object of the same name', () => {
    const live = (metadata: object) => ({ ...object, metadata: { name: 'cart', namespace: 'shop', ...metadata } });
    expect(accepted(remove, undefined, env)).toEqual({ state: 'accepted' });
    expect(accepted(remove, live({ uid: 'u' }), env).state).toBe('pending');
    expect(accepted(remove, live({ uid: 'u', deletionTimestamp: 'now' }), env)).toEqual({
      state: 'pending',
      message: 'it is being deleted',
    });
    expect(accepted(remove, live({ uid: 'v' }), env).state).toBe('accepted');
  });
});
