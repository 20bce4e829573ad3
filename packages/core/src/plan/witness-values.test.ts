import { expect, test } from 'vitest';
import { regexCache } from '../evaluate/re2.js';
import { slotsOf } from './witness-values.js';

test('conditions that no one value satisfies are met by a header that is sent once for each', () => {
  const headers = [
    { name: 'x-dev', is: { regex: 'bob' } },
    { name: 'x-dev', is: { regex: 'al.*' } },
  ];
  const [slot] = slotsOf([{ headers }], regexCache());
  expect(slot?.place).toBe('header x-dev');
  expect(slot?.hits).toEqual([['bob', 'al']]);
});
