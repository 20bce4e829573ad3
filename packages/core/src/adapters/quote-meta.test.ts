import { expect, test } from 'vitest';
import { compileRe2 } from '../evaluate/re2.js';
import { quoteMeta } from './quote-meta.js';

test.each(['/api', '/v1.0/(a|b)[c]{2}^$?*+', '\\d', ''])('%j quoted matches itself alone', (text) => {
  const regex = compileRe2(quoteMeta(text));
  if ('invalid' in regex) throw new Error(regex.invalid);
  expect(regex.matches(text)).toBe(true);
  expect(regex.matches(`${text}x`)).toBe(false);
});

test('a dot is no wildcard', () => expect(compileRe2(quoteMeta('a.c'))).toSatisfy((one) => 'matches' in one && !one.matches('abc')));
