import { describe, expect, test } from 'vitest';
import { isUserError } from '../errors/user-error.js';
import { normalisePath } from './normalise-path.js';
import { parseRequest } from './parse-request.js';
import { compileRe2 } from './re2.js';

describe('parseRequest', () => {
  test('takes the URL literally', () => {
    expect(parseRequest({ url: 'http://Reviews:9080/a/../%61?b=%20#c' })).toEqual({
      method: 'GET',
      scheme: 'http',
      host: 'Reviews',
      port: 9080,
      authority: 'Reviews:9080',
      path: '/a/../%61?b=%20',
      headers: [],
    });
  });

  test.each([
    ['http://x:80', 'x', 80, '/'],
    ['https://x', 'x', 443, '/'],
    ['http://x?y', 'x', 80, '/?y'],
    ['http://[::1]:8080/', '[::1]:8080', 8080, '/'],
    ['http://user@x/', 'x', 80, '/'],
  ])('%s', (url, authority, port, path) => expect(parseRequest({ url })).toMatchObject({ authority, port, path }));

  test('a Host header replaces the authority, not the address', () => {
    const request = parseRequest({
      url: 'http://reviews:9080/',
      headers: [
        ['host', 'x.org:1'],
        ['A', ' b '],
      ],
    });
    expect(request).toMatchObject({ host: 'reviews', port: 9080, authority: 'x.org:1', headers: [['A', 'b']] });
  });

  test.each([
    [{ url: 'reviews/x' }, /^url: expected http/],
    [{ url: 'ftp://x/' }, /^url/],
    [{ url: 'http:///x' }, /^url: expected a host name/],
    [{ url: 'http://x:0/' }, /^url: expected a port/],
    [{ url: 'http://x:99999/' }, /^url: expected a port/],
    [{ url: 'http://x/', method: 'G T' }, /^method/],
    [{ url: 'http://x/', headers: [['a b', 'c']] as const }, /^header: expected a header name/],
    [{ url: 'http://x/', headers: [['a', 'b\nc']] as const }, /^header a: expected a value on one line/],
  ])('%j is refused', (input, message) => {
    const error = (() => {
      try {
        return parseRequest(input);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isUserError(error) && error.code).toBe('bad-request');
    expect(String(isUserError(error) && error.message)).toMatch(message);
  });
});

describe('normalisePath', () => {
  test.each([
    ['/x/../admin', '/admin'],
    ['/./admin', '/admin'],
    ['/%61dmin?%61', '/admin?%61'],
    ['/a%2Fb', '/a%2Fb'],
    ['/x/..%2fadmin', '/x/..%2fadmin'],
    ['//admin', '//admin'],
    ['/a\\b', '/a/b'],
    ['/a/..', '/'],
    ['/../..', '/'],
  ])('base: %s', (path, normal) => expect(normalisePath(path, 'base')).toBe(normal));

  test('parameters of dot segments, since Envoy 1.39', () => {
    const paths = ['/a/..;x/b', '/a/.;/b', '/a/...;/b', '/a/%2e%2e;/b', '/a;x/b'];
    expect(paths.map((path) => normalisePath(path, 'base'))).toEqual(['/b', '/a/b', '/a/...;/b', '/a/..;/b', '/a;x/b']);
    expect(normalisePath('/a/..;x/b', 'base', true)).toBe('/a/..;x/b');
  });

  test('the other levels', () => {
    expect(normalisePath('//a///b', 'mergeSlashes')).toBe('/a/b');
    expect(normalisePath('/a%2Fb%5cc//d', 'decodeAndMergeSlashes')).toBe('/a/b/c/d');
  });
});

describe('compileRe2', () => {
  test.each(['(?=a)b', '(a)\\1', '(?<!a)b', 'a{1001}', '[', '(?i', 'a**'])('%s is refused', (pattern) => {
    expect(compileRe2(pattern)).toHaveProperty('invalid');
  });

  test('matches the whole value', () => {
    const compiled = compileRe2('(?i)a|b');
    expect('matches' in compiled && ['A', 'b', 'ab', ''].map((value) => compiled.matches(value))).toEqual([true, true, false, false]);
  });
});
