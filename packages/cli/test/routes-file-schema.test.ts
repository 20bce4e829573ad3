import { readFileSync } from 'node:fs';
import { parseRoutesFile } from '@heddle/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { readSchema } from '../src/config/schema.js';

const fits = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(readSchema('routes') as object);
const document = (routes: unknown, more: object = {}) => ({
  apiVersion: 'heddle.dev/v1',
  kind: 'Routes',
  metadata: { name: 'a' },
  routes,
  ...more,
});
const route = (more: object) => document([{ service: 'reviews', to: 'v1', ...more }]);
const action = (does: object) => document([{ service: 'reviews', ...does }]);
const match = (value: unknown) => route({ match: value });

it.each([
  document([]),
  route({ service: 'reviews:http', name: 'a' }),
  action({ split: { v1: 90, v2: 10 } }),
  action({ mirror: { to: 'v3' } }),
  action({ mirror: { to: 'v3', percent: 0.25 } }),
  action({ fault: { delay: '1m30s', percent: 50 } }),
  action({ fault: { abort: 503 } }),
  match({ headers: { a: 'b', c: [{ prefix: 'd' }, { not: { regex: 'de.*' } }], e: { present: true }, f: { absent: true } } }),
  match({ headers: ['a=b', '!c'] }),
  match([
    { path: { exact: '/' } },
    { path: { prefix: '/a' }, method: 'GET' },
    { path: { rawPrefix: '/a', ignoreCase: true } },
    { path: { regex: '/.*' } },
  ]),
  match({ path: '^=/api', query: { q: '' }, scheme: 'https', authority: { prefix: 'reviews' } }),
  document([], { services: { reviews: { ports: [80, { port: 90, name: 'http', appProtocol: 'http' }], selector: { app: 'a' } } } }),
  document([], { services: { reviews: { versions: { v1: { labels: { version: 'v1' } }, v2: { service: 'reviews-v2' } } } } }),
])('takes what heddle takes: %j', (one) => {
  expect(parseRoutesFile(one).problems).toEqual([]);
  expect(fits(one) ? [] : fits.errors).toEqual([]);
});

it.each([
  {},
  document({}),
  document([], { kind: 'Route' }),
  document([], { apiVersion: 'heddle.dev/v2' }),
  document([], { metadata: {} }),
  document([], { metadata: { name: 'A' } }),
  document([], { metadata: { name: 'a', labels: {} } }),
  document([{ to: 'v1' }]),
  route({ service: 'a.b' }),
  route({ service: 'a:b:c' }),
  route({ name: '-' }),
  route({ too: 'v1' }),
  route({ mirror: { to: 'v2' } }),
  action({}),
  action({ to: 1 }),
  action({ split: {} }),
  action({ split: { v1: 99.5, v2: 0.5 } }),
  action({ mirror: { to: 'v3', percent: 0 } }),
  action({ fault: { percent: 10 } }),
  action({ fault: { delay: 7 } }),
  action({ fault: { abort: 99 } }),
  match({}),
  match([]),
  match({ header: { a: 'b' } }),
  match({ headers: {} }),
  match({ headers: { a: 1 } }),
  match({ headers: { a: { present: false } } }),
  match({ headers: { a: { exact: 'b', prefix: 'c' } } }),
  match({ path: '/cart' }),
  match({ path: { exact: '/', prefix: '/' } }),
  match({ path: { regex: '/a', ignoreCase: true } }),
  document([], { services: { reviews: { port: 80 } } }),
  document([], { services: { reviews: { ports: [0] } } }),
  document([], { services: { reviews: { versions: { v1: {} } } } }),
])('refuses what heddle refuses: %j', (one) => {
  expect(parseRoutesFile(one).problems).not.toEqual([]);
  expect(fits(one)).toBe(false);
});

it('the example of the guide is one', () => {
  const guide = readFileSync(new URL('../../../docs/guide.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n(# routing\/reviews\.yaml[^`]*)```/.exec(guide) ?? [];
  const one = load(example);
  expect(parseRoutesFile(one).file?.routes).toHaveLength(4);
  expect(fits(one) ? [] : fits.errors).toEqual([]);
});
