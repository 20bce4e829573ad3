import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRe2 } from '../evaluate/re2.js';
import { regexExamples } from './regex-examples.js';
import { regexShape } from './regex-shape.js';

describe('regexExamples', () => {
  it.each([
    ['.*Firefox/67\\.0.*', 'Firefox/67.0'],
    ['alice|bob', 'alice'],
    ['(?i)Alice', 'Alice'],
    ['[^/]+\\.(?:png|jpe?g)', 'a.png'],
    ['\\d{3}-\\d{4}', '000-0000'],
    ['\\Qa.b*\\E+', 'a.b*'],
    ['[[:upper:]]\\x41\\x{42}', 'AAB'],
    ['(?P<major>v\\d+)(\\.\\d+)?', 'v0'],
    ['^/api/(?:v1|v2)/?$', '/api/v1'],
    ['\\p{Greek}', undefined],
    ['[α-ω]x', 'αx'],
    ['a{1000}', undefined],
    ['(a', undefined],
    ['a\\bb', undefined],
  ])('%s → %s', (pattern, first) => {
    expect(regexExamples(pattern)[0]).toBe(first);
  });

  it('tries every branch of a choice', () => {
    expect(regexExamples('al|bo|cy')).toEqual(['al', 'bo', 'cy']);
  });

  it('obeys the caller: a path begins with a slash', () => {
    expect(regexExamples('.?/x', (value) => value.startsWith('/'))[0]).toBe('/x');
  });

  it('never gives a value that RE2 does not match whole', () => {
    fc.assert(
      fc.property(patterns, (pattern) => {
        const compiled = compileRe2(pattern);
        for (const value of regexExamples(pattern)) expect('matches' in compiled && compiled.matches(value)).toBe(true);
      }),
    );
  });
});

describe('regexShape', () => {
  it.each([
    ['alice', { kind: 'exact', text: 'alice' }],
    ['^a\\.b$', { kind: 'exact', text: 'a.b' }],
    ['', { kind: 'exact', text: '' }],
    ['al.*', { kind: 'prefix', text: 'al' }],
    ['.*', { kind: 'prefix', text: '' }],
    ['.*Firefox/67\\.0.*', { kind: 'contains', text: 'Firefox/67.0' }],
    ['v[12]', { kind: 'starts', text: 'v' }],
    ['a|b', undefined],
    ['ab?', { kind: 'starts', text: 'a' }],
    ['(?i)alice', undefined],
    ['a$b', { kind: 'starts', text: 'a' }],
  ])('%s', (pattern, shape) => {
    expect(regexShape(pattern)).toEqual(shape);
  });

  it('holds for every value that RE2 matches', () => {
    const values = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 4 });
    fc.assert(
      fc.property(patterns, values, (pattern, value) => {
        const [shape, compiled] = [regexShape(pattern), compileRe2(pattern)];
        if (shape === undefined || 'invalid' in compiled) return;
        const says = { exact: value === shape.text, prefix: value.startsWith(shape.text), contains: value.includes(shape.text) };
        if (shape.kind === 'starts') expect(compiled.matches(value) && !value.startsWith(shape.text)).toBe(false);
        else expect(compiled.matches(value)).toBe(says[shape.kind]);
      }),
      { numRuns: 2000 },
    );
  });
});

const pieces = [
  'a',
  'b',
  'ab',
  '/',
  '\\.',
  '.',
  '.*',
  '.+',
  'a*',
  'b?',
  '[ab]',
  '[^a]',
  '(?:a|b)',
  '(a|bb)',
  '(?i)',
  '(?s)',
  '^',
  '$',
  '|',
  'a{2}',
  '\\Q.\\E',
  '\\w',
];
const patterns = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join(''));
