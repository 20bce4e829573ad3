import { expect, it } from 'vitest';
import { foreignPointer } from './foreign-pointer.js';

const object = { spec: { rules: [{ ours: 1 }, { a: 1 }, { ours: 2 }, { b: [1, 2] }], other: [1, 2] } };
const owned = ['/spec/rules/0', '/spec/rules/2'];

it.each([
  ['/spec/rules/0', '/spec/rules/1'],
  ['/spec/rules/1/b/1', '/spec/rules/3/b/1'],
  ['/spec/rules/2', '/spec/rules/4'],
  ['/spec/rules/-', '/spec/rules/-'],
  ['/spec/other/0', '/spec/other/0'],
  ['/metadata/annotations/example.com~1note', '/metadata/annotations/example.com~1note'],
])('%s of the others is %s', (pointer, real) => expect(foreignPointer(object, pointer, owned)).toBe(real));
