import { describe, expect, it } from 'vitest';
import { isPlainMerge, jsonPatch, mergePatch } from './patch.js';

describe('mergePatch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: { b: 'c', d: 'e' } }, { a: { b: 'd', d: null } }, { a: { b: 'd' } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 'text' }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
    [{}, { a: { b: { c: null } } }, { a: { b: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });
});

describe('isPlainMerge', () => {
  it('tells a strategic patch that means the same as a merge patch from others', () => {
    expect(isPlainMerge({ metadata: { annotations: { a: 'b', c: null } } })).toBe(true);
    expect(isPlainMerge({ spec: { containers: [] } })).toBe(false);
    expect(isPlainMerge({ metadata: { $patch: 'replace' } })).toBe(false);
  });
});

describe('jsonPatch', () => {
  const target = { list: ['a', 'b'], map: { 'x/y': 1, 'x~z': 2 } };
  it.each([
    [[{ op: 'add', path: '/list/1', value: 'n' }], { list: ['a', 'n', 'b'] }],
    [[{ op: 'add', path: '/list/-', value: 'n' }], { list: ['a', 'b', 'n'] }],
    [[{ op: 'add', path: '/new', value: { deep: [1] } }], { new: { deep: [1] } }],
    [[{ op: 'remove', path: '/list/0' }], { list: ['b'] }],
    [[{ op: 'replace', path: '/list/0', value: 'n' }], { list: ['n', 'b'] }],
    [
      [
        { op: 'remove', path: '/map/x~1y' },
        { op: 'replace', path: '/map/x~0z', value: 3 },
      ],
      { map: { 'x~z': 3 } },
    ],
    [[{ op: 'copy', from: '/list/0', path: '/list/-' }], { list: ['a', 'b', 'a'] }],
    [[{ op: 'move', from: '/list/0', path: '/first' }], { list: ['b'], first: 'a' }],
    [[{ op: 'test', path: '/map', value: { 'x~z': 2, 'x/y': 1 } }], {}],
  ])('%j', (patch, changed) => {
    expect(jsonPatch(target, patch)).toEqual({ ...target, ...changed });
    expect(target.list).toEqual(['a', 'b']);
  });

  it.each([
    [[{ op: 'test', path: '/list/0', value: 'b' }]],
    [[{ op: 'remove', path: '/none' }]],
    [[{ op: 'replace', path: '/none', value: 1 }]],
    [[{ op: 'add', path: '/none/deep', value: 1 }]],
    [[{ op: 'add', path: '/list/7', value: 1 }]],
    [[{ op: 'move', from: '/none', path: '/x' }]],
    [[{ op: 'dance', path: '/list' }]],
    [{ op: 'remove', path: '/list' }],
  ])('refuses %j with 422', (patch) => {
    expect(() => jsonPatch(target, patch)).toThrow(expect.objectContaining({ status: 422, reason: 'Invalid' }));
  });
});
