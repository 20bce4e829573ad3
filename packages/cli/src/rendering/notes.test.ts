import { expect, test } from 'vitest';
import { alikeNotes } from './notes.js';

const notes = (names: readonly string[]) => names.map((name) => `Service ${name} says which of its ports carry HTTP.`);

test('notes that differ in a name alone are one, if they are many', () => {
  const few = notes(['shop/a', 'shop/b', 'shop/c']);
  expect(alikeNotes(few)).toEqual(few);
  expect(alikeNotes(['First.', ...notes(['shop/a', 'shop/b', 'shop/c', 'shop/d']), 'Last.'])).toEqual([
    'First.',
    'Service shop/a says which of its ports carry HTTP. The same of shop/b, shop/c, shop/d.',
    'Last.',
  ]);
});

test('many names are counted', () => {
  const [only, ...others] = alikeNotes(notes(Array.from({ length: 20 }, (_, index) => `shop/s${index}`)));
  expect(others).toEqual([]);
  expect(only).toMatch(/The same of shop\/s1, shop\/s2, shop\/s3, shop\/s4 and 15 more\.$/);
});

test('notes that say different things stay apart', () => {
  const all = ['a.yaml:1: no Kubernetes object, passed over.', 'Kuma 2.14 has no such thing.', 'Kuma 2.13 has no such thing.', 'x', 'y'];
  expect(alikeNotes(all)).toEqual(all);
});
