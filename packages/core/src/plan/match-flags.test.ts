import { describe, expect, it } from 'vitest';
import { isUserError } from '../errors/user-error.js';
import { parseMatchFlags } from './match-flags.js';

describe('parseMatchFlags', () => {
  it('reads every form of a header', () => {
    const headers = ['X-Dev=alice', 'user-agent=~.*Firefox/67\\.0.*', 'x-team^=pay', 'x-debug', '!x-canary', 'cookie=a=b^=~c'];
    expect(parseMatchFlags({ headers })).toEqual({
      headers: [
        { name: 'x-dev', is: { exact: 'alice' } },
        { name: 'user-agent', is: { regex: '.*Firefox/67\\.0.*' } },
        { name: 'x-team', is: { prefix: 'pay' } },
        { name: 'x-debug', is: { present: true } },
        { name: 'x-canary', is: { absent: true } },
        { name: 'cookie', is: { exact: 'a=b^=~c' } },
      ],
    });
  });

  it('reads the same forms of a query parameter, whose name keeps its case', () => {
    expect(parseMatchFlags({ query: ['userId=42', 'v=~[12]', 'q^=a%20', 'debug', '!old'] })).toEqual({
      query: [
        { name: 'userId', is: { exact: '42' } },
        { name: 'v', is: { regex: '[12]' } },
        { name: 'q', is: { prefix: 'a%20' } },
        { name: 'debug', is: { present: true } },
        { name: 'old', is: { absent: true } },
      ],
    });
  });

  it('keeps repeated headers, which all must hold', () => {
    expect(parseMatchFlags({ headers: ['x-dev^=al', 'x-dev=~.*ce'] }).headers).toHaveLength(2);
  });

  it.each([
    [{ path: '=/api/users' }, { path: { kind: 'exact', value: '/api/users' } }],
    [{ path: '^=/api' }, { path: { kind: 'segmentPrefix', value: '/api' } }],
    [{ path: '^=/api/' }, { path: { kind: 'segmentPrefix', value: '/api' } }],
    [{ path: '^=/' }, { path: { kind: 'segmentPrefix', value: '/' } }],
    [{ path: '~/v[12]/.*' }, { path: { kind: 'regex', value: '/v[12]/.*' } }],
    [{ path: '=~/v[12]/.*' }, { path: { kind: 'regex', value: '/v[12]/.*' } }],
    [{ method: '=GET' }, { method: { exact: 'GET' } }],
    [{ method: '^=P' }, { method: { prefix: 'P' } }],
    [{ method: '~GET|HEAD' }, { method: { regex: 'GET|HEAD' } }],
    [{}, {}],
  ])('reads %j', (flags, match) => {
    expect(parseMatchFlags(flags)).toEqual(match);
  });

  it.each([
    [{ query: ['=x'] }, /^--query: expected a parameter's name in one of/],
    [{ query: ['a=b c'] }, /^--query a: expected a parameter as it is sent/],
    [{ query: ['a=1', 'a=2'] }, /^--query a: expected conditions that one value can satisfy/],
    [{ headers: ['=x'] }, /^--header: expected a header name in one of/],
    [{ headers: [''] }, /^--header: expected a header name/],
    [{ headers: ['x dev=1'] }, /received "x dev=1"$/],
    [{ headers: ['!x-dev=1'] }, /^--header: expected one of/],
    [{ headers: ['x-dev='] }, /^--header x-dev: expected a value after the `=`/],
    [{ headers: ['x-dev=~'] }, /expected a value after/],
    [{ headers: ['x-dev=alice '] }, /spaces at its ends.*received "x-dev=alice "$/],
    [{ headers: ['x-dev=a\nb'] }, /on one line/],
    [{ headers: ['Host=x'] }, /another header than Host/],
    [{ headers: ['x-dev=a', 'x-dev=b'] }, /two that exclude each other/],
    [{ headers: ['x-dev', '!x-dev'] }, /two that exclude each other/],
    [{ path: '/api' }, /^--path: expected one of `=\/api\/users`, `\^=\/api`, .* received "\/api"$/],
    [{ path: '=api' }, /begins with `\/`/],
    [{ path: '^=/a?b' }, /without query/],
    [{ method: 'GET' }, /^--method: expected one of `=GET`/],
    [{ method: '=G T' }, /an HTTP method/],
  ])('refuses %j', (flags, message) => {
    expect(errorOf(flags)).toMatchObject({ code: 'bad-match', exit: 'usage', message: expect.stringMatching(message) });
  });

  it.each([
    ['(a', 'position 1: missing closing )'],
    ['x(a(b)', 'position 2: missing closing )'],
    ['a)b', 'position 2: unexpected )'],
    ['ab[c', 'position 3: missing closing ]'],
    ['[)](', 'position 4: missing closing )'],
    ['a(?=b)', 'position 2: invalid or unsupported Perl syntax, RE2 has no lookaround'],
    ['(a)\\1', 'position 4: invalid escape sequence, RE2 has no back-references'],
    ['a**', 'position 2: invalid nested repetition operator'],
    ['ab\\', 'position 3: trailing backslash at end of expression'],
    ['*', 'position 1: missing argument to repetition operator'],
  ])('says where RE2 stumbles over %s', (pattern, because) => {
    const message = `--header x-dev: expected an RE2 pattern, received ${JSON.stringify(pattern)} (${because})`;
    expect(errorOf({ headers: [`x-dev=~${pattern}`] })).toMatchObject({ message });
  });
});

function errorOf(flags: Parameters<typeof parseMatchFlags>[0]): unknown {
  try {
    return parseMatchFlags(flags);
  } catch (error) {
    expect(isUserError(error)).toBe(true);
    return error;
  }
}
