import type { ObjectEdit } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { accepted } from './accepted.js';

const ref = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', namespace: 'shop', name: 'cart' };
const created: ObjectEdit = { op: 'create', ref, stage: 'rules', why: '', body: {} };
const deleted: ObjectEdit = { op: 'delete', ref, stage: 'rules', why: '', uid: 'u1', resourceVersion: '1' };
const condition = (type: string, status: string, observedGeneration = 2) => ({
  ...{ type, status, observedGeneration },
  reason: 'Why',
  message: 'so',
});
const anothers = { controllerName: 'another.test/controller', conditions: [condition('Accepted', 'False')] };
const live = (...conditions: readonly object[]) => ({
  metadata: { uid: 'u1', generation: 2 },
  status: { parents: [anothers, { controllerName: 'istio.io/gateway-controller', conditions }] },
});

describe('accepted', () => {
  it.each([
    ['accepted', live(condition('Accepted', 'True'), condition('ResolvedRefs', 'True'))],
    ['pending', live()],
    ['pending', live(condition('Accepted', 'False', 1))],
    ['rejected', live(condition('Accepted', 'False'))],
    ['rejected', live(condition('Accepted', 'True'), condition('ResolvedRefs', 'False'))],
    ['rejected', undefined],
  ])('is %s for %j', (state, object) => expect(accepted(created, object).state).toBe(state));

  it('quotes the reason', () => {
    expect(accepted(created, live(condition('Accepted', 'False'))).message).toBe('Accepted is False: Why (so)');
  });

  it('is so for a deletion once it is gone, or another object has the name', () => {
    expect(accepted(deleted, undefined).state).toBe('accepted');
    expect(accepted(deleted, { metadata: { uid: 'u2' } }).state).toBe('accepted');
    expect(accepted(deleted, live()).state).toBe('pending');
  });
});
