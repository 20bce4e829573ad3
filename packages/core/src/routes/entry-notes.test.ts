import { expect, it } from 'vitest';
import type { Match } from '../model/match.js';
import type { RouteAction, RouteEntry } from './entry.js';
import { entryNotes } from './entry-notes.js';

const by = { user: 'alice', host: 'laptop' };
const to: RouteAction = { to: [{ version: 'v2', weight: 100 }] };
const entry = (name: string, match: Match | undefined, action: RouteAction = to): RouteEntry => ({
  name,
  match: match === undefined ? [] : [match],
  by,
  since: '2026-11-24T08:00:00.000Z',
  ...action,
});
const present: Match = { headers: [{ name: 'x', is: { present: true } }] };
const one: Match = { headers: [{ name: 'x', is: { exact: '1' } }] };
const two: Match = { headers: [{ name: 'x', is: { exact: '2' } }] };
const post: Match = { method: { exact: 'POST' } };
const codes = (entries: readonly RouteEntry[], was: readonly RouteEntry[] = []) => entryNotes(was, entries).map(({ code }) => code);

it('a route that a wider one of an earlier name takes all requests of does not count, and the plan says so', () => {
  expect(entryNotes([], [entry('a', present), entry('b', one)])).toEqual([
    {
      code: 'route-hidden',
      message: 'Every request of b is one of a too, which is the first by name, so b does not count: give it a --name that comes before',
    },
  ]);
  expect(codes([entry('a', one), entry('b', present)])).toEqual([]);
});

it('routes that can meet in one request are named, and which counts', () => {
  expect(entryNotes([], [entry('a', one), entry('b', post)])).toEqual([
    { code: 'may-meet', message: 'A request can be for both a and b: a, the first by name, counts' },
  ]);
  expect(codes([entry('a', one), entry('b', two)])).toEqual([]);
});

it('nothing is said of routes that do different things, of the one for everybody, or of what nobody changes', () => {
  expect(codes([entry('a', one), entry('b', post, { mirror: { version: 'v2', percent: 1 } })])).toEqual([]);
  expect(codes([entry('a', one), entry('b', undefined)])).toEqual([]);
  const both = [entry('a', one), entry('b', post)];
  expect(codes(both, both)).toEqual([]);
  expect(codes(both, both.slice(1))).toEqual(['may-meet']);
});
