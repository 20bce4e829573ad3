import { expect, it } from 'vitest';
import { describeFieldFault, invalidObject, pointerTo } from './field-faults.js';

it.each([
  ['/spec/http/0/timeout', 'spec.http[0].timeout: it is short'],
  ['/spec/labels/example.test~1a~0b', 'spec.labels["example.test/a~b"]: it is short'],
  ['', 'it is short'],
])('a fault at %j reads %j', (pointer, expected) => expect(describeFieldFault({ pointer, because: 'it is short' })).toBe(expected));

it('keys are escaped and indexes are not', () => {
  expect(pointerTo(pointerTo('/spec', 'a/b~c'), 2)).toBe('/spec/a~1b~0c/2');
});

it('an object is invalid for each of its faults', () => {
  const ref = { apiVersion: 'mesh.example/v1', kind: 'Route', namespace: 'shop', name: 'a' };
  expect(invalidObject(ref, [{ pointer: '/spec', because: 'there must be one' }])).toEqual([
    { code: 'invalid-object', severity: 'error', message: 'Route shop/a: spec: there must be one', ref, pointer: '/spec' },
  ]);
  expect(invalidObject(ref, [])).toEqual([]);
});
