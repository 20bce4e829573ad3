import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash } from './content-hash.js';

describe('canonicalJson', () => {
  it('orders keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, 1], a: { d: 1, c: null } })).toBe('{"a":{"c":null,"d":1},"b":[2,1]}');
  });

  it('drops undefined members and nulls undefined items, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('reads back as the same value, and knows no key order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });
});

describe('contentHash', () => {
  it('is stable across releases: records in clusters hold it', () => {
    expect(contentHash({ name: 'x', match: [{ headers: { 'x-dev': { exact: 'alice' } } }] })).toBe('9373c74d2033558723ad');
  });

  it('tells absent from null and one from "one"', () => {
    const hashes = [{}, { a: null }, { a: 1 }, { a: '1' }, [], ''].map(contentHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
