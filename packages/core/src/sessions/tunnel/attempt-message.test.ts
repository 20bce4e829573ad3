import { expect, it } from 'vitest';
import { ClusterError } from '../../errors/cluster-error.js';
import { attemptMessage } from './attempt-message.js';

const refused = new ClusterError({ reason: 'ConnectionRefused', status: 0, message: 'nothing listens on port 2222' });

it('an agent that does not listen yet is waited for, and after a while it is a failure', () => {
  expect([1, 2, 3, 4].map((attempt) => attemptMessage(attempt, refused))).toEqual([
    'connecting the tunnel: waiting for the agent to listen',
    undefined,
    undefined,
    'connecting the tunnel: attempt 4 failed (nothing listens on port 2222)',
  ]);
});

it('any other failure is told at once', () => {
  const gone = new ClusterError({ reason: 'NotFound', status: 404, message: 'no such pod' });
  expect(attemptMessage(1, gone)).toBe('connecting the tunnel: attempt 1 failed (no such pod)');
  expect(attemptMessage(1, new Error('no route'))).toBe('connecting the tunnel: attempt 1 failed (no route)');
});
