import { describe, expect, it } from 'vitest';
import { fallbackName, isFallbackName, isForeignReservedName, parseRuleName, ruleName } from './rule-name.js';

describe('rule names', () => {
  it('say whose a rule is', () => {
    const name = ruleName({ kind: 'session', namespace: 'mesh-demo', id: 't1a2' }, 3);
    expect(name).toBe('heddle/session/mesh-demo/t1a2/3');
    expect(parseRuleName(name)).toEqual({ owner: { kind: 'session', namespace: 'mesh-demo', id: 't1a2' }, n: 3 });
  });

  it.each([
    '',
    'reviews-route',
    'heddle/session/ns/id',
    'heddle/session/ns/id/',
    'heddle/session/ns/id/01',
    'heddle/session/ns/id/1/2',
    'heddle/other/ns/id/0',
  ])('are not what %j is', (name) => expect(parseRuleName(name)).toBeUndefined());

  it('keep the catch-all without an owner', () => {
    expect(parseRuleName(fallbackName(8080))).toBeUndefined();
    expect(isFallbackName(fallbackName(8080))).toBe(true);
    expect(isFallbackName('heddle/fallback/x')).toBe(false);
  });

  it('leave nothing else under heddle/', () => {
    expect(isForeignReservedName('heddle/mine')).toBe(true);
    expect(isForeignReservedName('heddle/session/ns/id/0')).toBe(false);
    expect(isForeignReservedName('heddle/fallback/80')).toBe(false);
    expect(isForeignReservedName(undefined)).toBe(false);
  });
});
