import type { RouteEntry } from '@heddle/core';
import { expect, it } from 'vitest';
import { entryChanges, notesOfFiles } from './route-change.js';

const entry = (name: string, version: string, file?: string): RouteEntry => ({
  name,
  match: [],
  to: [{ version, weight: 100 }],
  by: { user: 'alice', host: 'laptop' },
  since: '2026-11-24T08:00:00.000Z',
  ...(file === undefined ? {} : { file }),
});
const was = [entry('a', 'v1'), entry('b', 'v1'), entry('c', 'v1', 'shop'), entry('d', 'v1', 'shop')];
const entries = [entry('a', 'v1'), entry('b', 'v2'), entry('c', 'v2', 'shop'), entry('e', 'v1')];

it('a plan makes something of each route', () => {
  expect(entryChanges({ was, entries }).map(({ name, change }) => `${name} ${change}`)).toEqual([
    'a kept',
    'b changed',
    'c changed',
    'd removed',
    'e added',
  ]);
});

it('what a file keeps and is changed by hand comes back with the file', () => {
  const notes = notesOfFiles({ was, entries }).map(({ message }) => message);
  expect(notes).toEqual([expect.stringContaining('route c is kept by the routes file shop'), expect.stringContaining('route d is kept')]);
});
