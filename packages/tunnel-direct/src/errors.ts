import { UserError } from '@heddle/core';

/** The agent is not the one that this session made, or does not know this session's token. */
export function authError(message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'tunnel-auth',
    exit: 'cluster',
    message,
    next: [
      "Somebody replaced the session's pod or Secret: stop this session and start it again.",
      'See what the agent says: kubectl logs <pod> -c heddle-agent',
    ],
    cause,
  });
}

/** The agent does not do what a session needs. */
export function refusedError(message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'tunnel-refused',
    exit: 'cluster',
    message,
    next: ['Use the agent image of this version of heddle.', 'See what the agent says: kubectl logs <pod> -c heddle-agent'],
    cause,
  });
}
