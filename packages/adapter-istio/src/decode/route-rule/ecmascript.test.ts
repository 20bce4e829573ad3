import { compileRe2 } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { fromEcmaScript } from './ecmascript.js';

const matches = (pattern: string, value: string): boolean => {
  const translated = fromEcmaScript(pattern);
  if ('lost' in translated) throw new Error(`lost ${translated.lost}`);
  const compiled = compileRe2(translated.re2);
  if ('invalid' in compiled) throw new Error(compiled.invalid);
  return compiled.matches(value);
};

describe('a pattern of Istio 0.x', () => {
  test('that RE2 writes the same stays as it is', () => {
    const cookie = '^(.*?;)?(user=jason)(;.*)?$';
    expect(fromEcmaScript(cookie)).toEqual({ re2: cookie });
    expect(matches(cookie, 'user=jason')).toBe(true);
    expect(matches(cookie, 'theme=dark;user=jason;lang=de')).toBe(true);
    expect(matches(cookie, 'user=jasons')).toBe(false);
    // After "; " a browser's second cookie begins with a space.
    expect(matches(cookie, 'theme=dark; user=jason')).toBe(false);
  });

  test.each([
    ['caf\\u00e9', 'café', 'cafe'],
    ['a\\cIb', 'a\tb', 'aIb'],
    ['a\\0b', 'a\0b', 'a0b'],
    ['[\\b]', '\b', 'b'],
    ['a[^]c', 'a\nc', 'ac'],
    ['(?:a|b)+[(?=]', 'ab=', 'ab'],
    ['\\/v\\d{1,2}', '/v12', '/v'],
    ['\\w+@[\\w.]+', 'a@b.c', 'a@'],
  ])('%s is spelled so that RE2 means the same', (pattern, fits, fails) => {
    expect([matches(pattern, fits), matches(pattern, fails)]).toEqual([true, false]);
  });

  test('an empty class fits nothing', () => expect(matches('a[]?', 'a')).toBe(true));

  test.each([
    ['(?=.*jason).*', 'look-ahead'],
    ['(?!admin).*', 'look-ahead'],
    ['(?<=user=)jason', 'look-behind'],
    ['(a|b)\\1', 'back-reference'],
  ])('%s cannot be asked: %s', (pattern, lost) => expect(fromEcmaScript(pattern)).toEqual({ lost }));
});
