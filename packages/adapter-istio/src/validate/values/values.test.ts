import { compileRe2 } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { isAddress, socketFault, subnetFault } from './addresses.js';
import { durationFault, idleDurationFault, nanoseconds } from './duration.js';
import { headerValueFault, isClaim, matchedHeaderFault } from './header.js';
import { domainFault, hostsOverlap, isWithin, labelFault, wildcardDomainFault } from './names.js';
import { regexFault } from './regex.js';

describe('durations', () => {
  it.each([
    ['1h2m3s', 3_723_000_000_000n],
    ['.5s', 500_000_000n],
    ['1.5ms', 1_500_000n],
    ['-2us', -2000n],
    ['0', 0n],
    ['5', undefined],
    ['1d', undefined],
    ['', undefined],
    ['.s', undefined],
    ['2562048h', undefined],
  ])('%s is %s ns', (written, expected) => expect(nanoseconds(written)).toBe(expected));

  it.each(['1ms', '1000us', '+1h'])('%s is long enough', (written) => expect(durationFault(written)).toBeUndefined());
  it.each(['999us', '1.5ms', '0s', '-1s', 'x'])('%s is refused', (written) => expect(durationFault(written)).toBeTypeOf('string'));
  it('where nothing is no timeout, less than 1ms is nothing', () => {
    expect(['0s', '500us', '-500us', '1s'].map(idleDurationFault)).toEqual([undefined, undefined, undefined, undefined]);
    expect(['1500us', '-1s', 'x'].map(idleDurationFault).every((because) => because !== undefined)).toBe(true);
  });
});

describe('names of hosts', () => {
  it.each(['a', 'A.b', 'a.', 'a.1b', 'a.99999999999999999999', 'a-b.c'])('%s is one', (host) => expect(domainFault(host)).toBeUndefined());
  it.each(['', 'a..b', '.a', '1', 'a_b', '-a', 'a-', '1.2.3.4', 'a.1', '*.a', `${'a'.repeat(64)}.b`, `${'a.'.repeat(128)}b`])(
    '%s is none',
    (host) => expect(domainFault(host)).toBeTypeOf('string'),
  );
  it.each(['*', '*.a', '*a', '*-a.b', 'a.b', '1'])('%s is one, or a wildcard', (host) => expect(wildcardDomainFault(host)).toBeUndefined());
  it.each(['a.*', '**', '*.*', '*.1'])('%s is neither', (host) => expect(wildcardDomainFault(host)).toBeTypeOf('string'));

  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'A.b', false],
    ['*.b', 'a.b', true],
    ['*.b', 'b', false],
    ['*.b', '*.a.b', true],
    ['*', 'a', true],
    ['*.a', '*.b', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect([hostsOverlap(a, b), hostsOverlap(b, a)]).toEqual([expected, expected]);
  });

  it('one is within another in one direction', () => {
    expect([isWithin('a.b', '*.b'), isWithin('*.b', 'a.b'), isWithin('*.b', '*')]).toEqual([true, false, true]);
  });
});

it.each([
  ['app', 'web', true],
  ['example.test/app', '', true],
  ['a/b/c', 'x', false],
  ['', 'x', false],
  ['app', 'a b', false],
  ['a'.repeat(64), 'x', false],
])('label %s: %s is one: %s', (key, value, expected) => expect(labelFault(key, value) === undefined).toBe(expected));

it.each([
  ['1.2.3.4', true],
  ['01.2.3.4', false],
  ['::1', true],
  ['fe80::1%eth0', true],
  ['::1%', false],
  ['1.2.3.4%a', false],
])('%s is an address: %s', (written, expected) => expect(isAddress(written)).toBe(expected));

it.each([
  ['10.0.0.0/8', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/08', false],
  ['::/0', true],
  ['fe80::1%a/64', false],
  ['10.0.0.1', true],
  ['10.0.0.0/8/8', false],
])('%s is an address or a network: %s', (written, expected) => expect(subnetFault(written) === undefined).toBe(expected));

it('a socket is an absolute path, or abstract', () => {
  expect(['/a', '@a'].map(socketFault)).toEqual([undefined, undefined]);
  expect(['', 'a', '/a/'].map(socketFault).every((because) => because !== undefined)).toBe(true);
});

describe('headers', () => {
  it.each([':path', 'X_y.z~', 'a,b', '@request.auth.claims.a', '@Request.auth.claims[a][b]'])('%s can be matched', (name) =>
    expect(matchedHeaderFault(name)).toBeUndefined(),
  );
  it.each([':x', '', 'a b', 'ä', '@request.auth.claims', '@request.auth.claims[]'])('%s cannot', (name) =>
    expect(matchedHeaderFault(name)).toBeTypeOf('string'),
  );
  it('a claim has a name', () => {
    expect([isClaim('@request.auth.claims.'), isClaim('@request.auth.claims.a.b'), isClaim('x-user')]).toEqual([false, true, false]);
  });
  it.each(['', 'a b', '%%', '%A%', '%A(x)%', '%A(x) %', '%A( ["x" , "y"] )%', '%A(x\\))%', '%A(x%)%', 'a\tb'])('value %j', (value) =>
    expect(headerValueFault(value)).toBeUndefined(),
  );
  it.each(['%', '%A', '%A%%', '%A(x', '%A(x)y%', '%A(["x" "y"])%', '%A([x])%', '%A(x\\', '%%%', 'a\nb', 'a\u007fb'])(
    'no value %j',
    (value) => expect(headerValueFault(value)).toBeTypeOf('string'),
  );
});

describe('regular expressions', () => {
  it.each(['.*', '/api/(v1|v2)/.*', '[a-z0-9]+\\.\\d', '(?:a|)?b', '^a$|b', 'a{1000}', '(?P<n>a)(?P<n>b)'])('%s is one', (regex) =>
    expect(regexFault(regex)).toBeUndefined(),
  );
  it.each(['', '(', 'a**', '(*)', '[z-a]', 'a{1001}', '(?=a)', '\\1', 'a'.repeat(1025), 'ä'.repeat(513)])('%s is none', (regex) =>
    expect(regexFault(regex)).toBeTypeOf('string'),
  );
  it('what is taken without asking RE2 is what RE2 takes', () => {
    const parts = ['a', '.', '*', '+', '?', '|', '(', ')', '[', 'a-z', ']', '^', '$', '\\.', '\\d', '-'];
    const patterns = parts.flatMap((a) => parts.flatMap((b) => parts.map((c) => a + b + c)));
    const wrong = patterns.filter((regex) => regexFault(regex) === undefined && 'invalid' in compileRe2(regex));
    expect(wrong).toEqual([]);
  });
});
