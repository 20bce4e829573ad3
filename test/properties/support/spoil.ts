import type { KubeObject, Request } from '@heddle/core';
import fc from 'fast-check';

/** What a hand, a template or another version may have left in the place of a value. */
export const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    '*',
    ' ',
    0,
    -1,
    1.5,
    1e300,
    Number.NaN,
    true,
    false,
    [],
    {},
    [null],
    [[]],
    [{}],
    { '': '' },
    { x: null },
  ),
  fc.constantFrom<unknown>(
    '~',
    '.',
    '/',
    '[',
    '(',
    '\\_',
    '%',
    '**',
    '*.',
    'a..b',
    '__proto__',
    '1e999s',
    'default',
    'shop',
    'v1',
    'reviews',
    '10.0.0.1',
    '[::1]',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Which of all values of all objects, and what is put there. */
export const spoils = fc.array(fc.tuple(fc.nat(20_000), odd), { minLength: 1, maxLength: 4 });

type Place = readonly [holder: Record<string, unknown>, key: string];

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key): readonly Place[] => [[holder, key], ...placesIn(holder[key])]);
}

/** What an object is stays, else nobody would look at it. */
export function spoiled(objects: readonly KubeObject[], changes: readonly (readonly [number, unknown])[]): readonly KubeObject[] {
  const copy = structuredClone(objects) as Record<string, unknown>[];
  for (const [nth, by] of changes) {
    const places = copy.flatMap((object) =>
      placesIn(object).filter(([holder, key]) => holder !== object || !['kind', 'apiVersion'].includes(key)),
    );
    const place = places[nth % Math.max(1, places.length)];
    // A field may be absent; what stands in a list is there.
    if (place !== undefined) place[0][place[1]] = by === undefined && Array.isArray(place[0]) ? null : structuredClone(by);
  }
  return copy;
}

/** Requests that no client sends, and some that some do. */
const text = fc.oneof(
  fc.constantFrom('', '/', '*', '//', '/..', '/%', '/%00', '/a b', '?', '#', '(', 'x'.repeat(2000), '\u{1f600}', '\0'),
  fc.string({ maxLength: 8 }),
);
/** Requests that no client sends, and some that some do. */
export const wildRequests: fc.Arbitrary<Request> = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'OPTIONS', 'get', 'CONNECT'), text),
  scheme: fc.constantFrom('http' as const, 'https' as const),
  host: fc.oneof(fc.constantFrom('reviews', 'backend', 'cart.shop', '10.96.0.1', '*', 'a.b.'), text),
  port: fc.constantFrom(80, 9080, 0, 65536, -1),
  authority: fc.oneof(fc.constantFrom('reviews', 'reviews:9080', '[::1]:80', ':', 'a:b'), text),
  path: text,
  headers: fc.array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(
          'x-dev',
          'Origin',
          'Access-Control-Request-Method',
          ':path',
          'host',
          'content-type',
          'x-forwarded-proto',
          '__proto__',
        ),
        text,
      ),
      text,
    ),
    { maxLength: 4 },
  ),
});
