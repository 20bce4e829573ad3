import { expect, test } from 'vitest';
import { regexCache } from '../evaluate/re2.js';
import { lintCondition, type StatedCondition } from './conditions.js';

const ref = { apiVersion: 'example.io/v1', kind: 'Route', name: 'web' };

test.each<[StatedCondition['kind'], string, string, readonly string[]]>([
  ['rawPrefix', 'path', '/foo', ['info prefix-raw']],
  ['rawPrefix', 'path', '/foo/', []],
  ['rawPrefix', 'path', '/', []],
  ['rawPrefix', 'header x', 'foo', []],
  ['segmentPrefix', 'path', '/foo', []],
  ['regex', 'path', '/foo(?=bar)', ['error regex-invalid']],
  ['regex', 'header x', '(a)\\1', ['error regex-invalid']],
  ['regex', 'path', '.*', ['info regex-everything']],
  ['regex', 'header x', '^.+$', ['info regex-everything']],
  ['regex', 'header x', 'jason', ['info regex-literal']],
  ['regex', 'header x', '^(.*?;)?(user=jason)(;.*)?$', []],
  ['regex', 'path', '/v[12]/.*', []],
  ['exact', 'path', '.*', []],
])('%s of %s %s', (kind, of, value, expected) => {
  const found = lintCondition({ ref, pointer: '/spec/x', of, kind, value }, regexCache());
  expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
  for (const one of found) expect(one).toMatchObject({ ref, pointer: '/spec/x', fix: expect.any(String) });
});
