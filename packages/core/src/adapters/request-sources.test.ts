import { describe, expect, test } from 'vitest';
import { isSourceWithin, type RequestSource, sharedSource, sourceSize, sourcesCover, sourcesMeet, sourcesOf } from './request-sources.js';

const everybody: RequestSource = { labels: {} };
const shop: RequestSource = { namespace: 'shop', labels: {} };
const web: RequestSource = { labels: { app: 'web' } };
const webInShop: RequestSource = { namespace: 'shop', labels: { app: 'web' } };

describe('request sources', () => {
  test.each([
    [{}, [everybody]],
    [{ labels: { app: 'web' } }, [web]],
    [{ namespaces: ['shop', 'bank'], labels: { app: 'web' } }, [webInShop, { namespace: 'bank', labels: { app: 'web' } }]],
    [{ namespaces: [] }, []],
  ])('of the clients %j', (clients, expected) => expect(sourcesOf(clients)).toEqual(expected));

  test.each([
    [everybody, shop, shop],
    [shop, web, webInShop],
    [shop, { namespace: 'bank', labels: {} }, undefined],
    [web, { labels: { app: 'api' } }, undefined],
    [web, { labels: { tier: 'front' } }, { labels: { app: 'web', tier: 'front' } }],
  ])('%j and %j have %j in common, whichever comes first', (a, b, expected) => {
    expect(sharedSource(a, b)).toEqual(expected);
    expect(sharedSource(b, a)).toEqual(expected);
    expect(sourcesMeet([a], [b])).toBe(expected !== undefined);
  });

  test('lists meet where any two do', () => {
    expect(sourcesMeet([{ namespace: 'bank', labels: {} }, web], [webInShop])).toBe(true);
    expect(sourcesMeet([], [everybody])).toBe(false);
  });

  test.each([
    [webInShop, shop, true],
    [webInShop, web, true],
    [web, everybody, true],
    [web, webInShop, false],
    [everybody, web, false],
    [shop, { namespace: 'bank', labels: {} }, false],
  ])('%j within %j: %s', (narrow, wide, expected) => expect(isSourceWithin(narrow, wide)).toBe(expected));

  test('a list covers another where each of that is within one of its own', () => {
    expect(sourcesCover([shop, web], [webInShop, web])).toBe(true);
    expect(sourcesCover([shop], [webInShop, web])).toBe(false);
    expect(sourcesCover([], [])).toBe(true);
  });

  test('each namespace and label that is asked for makes one narrower', () => {
    expect([everybody, shop, web, webInShop].map(sourceSize)).toEqual([0, 1, 1, 2]);
  });
});
