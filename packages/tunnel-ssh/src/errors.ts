import { UserError } from '@heddle/core';

/** The agent is not the one that this session made, or does not know this session's key. */
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

/** What an error of ssh2 means; `level` says where it arose (ssh2 1.17.0, README). Others may pass: they stay as they are. */
export function classify(error: unknown): unknown {
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (level === 'client-authentication') return authError("The agent in the shadow's pod does not accept this session's key.", error);
  if (level === 'handshake' && message.includes('no matching'))
    return refusedError(`The agent's sshd and heddle have no algorithm in common (${message}).`, error);
  return error;
}
