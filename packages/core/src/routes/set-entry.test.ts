import { expect, it } from 'vitest';
import type { RouteEntry, RouteSpec } from './entry.js';
import { setEntry } from './set-entry.js';

const signed = { by: { user: 'alice', host: 'laptop' }, since: '2026-11-24T08:00:00.000Z' };
const jason = [{ headers: [{ name: 'end-user', is: { exact: 'jason' } }] }];
const spec: RouteSpec = { name: 'split', match: [], to: [{ version: 'v2', weight: 100 }] };
const split: RouteEntry = { ...spec, to: [{ version: 'v1', weight: 100 }], ...signed };
const mirror: RouteEntry = { name: 'mirror', match: [], mirror: { version: 'v2', percent: 10 }, ...signed };

it('puts a route beside the others, or in the place of the one with its name', () => {
  expect(setEntry(spec, { named: false })([])).toEqual([spec]);
  expect(setEntry(spec, { named: false })([mirror, split])).toEqual([mirror, spec]);
});

it('leaves it to the file that keeps it', () => {
  expect(setEntry(spec, { named: false })([{ ...split, file: 'shop' }])).toEqual([{ ...spec, file: 'shop' }]);
});

it('changes the match of one whose name its user gave, and of no other', () => {
  const wanted = { ...spec, match: jason };
  expect(setEntry(wanted, { named: true })([split])).toEqual([wanted]);
  expect(setEntry(wanted, { named: false })([split])).toMatchObject({
    refused: [{ code: 'route-exists', message: 'The standing route split of alice@laptop is another one: every request: v1 100 %' }],
  });
});

it('never makes a split of a mirror', () => {
  expect(setEntry({ ...spec, name: 'mirror' }, { named: true })([mirror])).toMatchObject({
    refused: [{ code: 'route-exists', message: expect.stringContaining('every request: also copied to v2 (10 %)') }],
  });
});
