import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSessionId, sessionId } from './id.js';

const years = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2058, 0) });

describe('sessionId', () => {
  it('is a short name that starts with a letter', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (time) => isSessionId(sessionId(time))));
    expect(sessionId(Date.UTC(2026, 10, 24))).toHaveLength(12);
  });

  it('sorts by the time it was made from', () => {
    fc.assert(fc.property(years, years, (a, b) => a === b || sessionId(a) < sessionId(b) === a < b));
  });

  it('differs within one millisecond', () => {
    const ids = new Set(Array.from({ length: 50 }, () => sessionId(Date.UTC(2026, 0))));
    expect(ids.size).toBeGreaterThan(45);
  });
});

describe('isSessionId', () => {
  it.each(['', '1abc', 'Abc', 'abc-d', 'a'.repeat(13)])('refuses %j', (text) => {
    expect(isSessionId(text)).toBe(false);
  });
});
