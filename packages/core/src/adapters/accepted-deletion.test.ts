import { expect, it } from 'vitest';
import { acceptedDeletion } from './accepted-deletion.js';

it.each([
  ['accepted', undefined],
  ['accepted', { metadata: { uid: 'u2' } }],
  ['pending', { metadata: { uid: 'u1' } }],
  ['pending', { metadata: { uid: 'u1', deletionTimestamp: '2026-01-01T00:00:00Z' } }],
])('a deletion is %s when %j is there', (state, live) => expect(acceptedDeletion('u1', live).state).toBe(state));

it('an object that waits for its finalizers is being deleted', () => {
  const live = { metadata: { uid: 'u1', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['example.test/a'] } };
  expect(acceptedDeletion('u1', live).message).toBe('it is being deleted');
});
