import { messageOf, tunnelAuthError, tunnelRefusedError } from '@heddle/core';

/** What an error of ssh2 means; `level` says where it arose (ssh2 1.17.0, README). Others may pass: they stay as they are. */
export function classify(error: unknown): unknown {
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  const message = messageOf(error);
  if (level === 'client-authentication') {
    return tunnelAuthError("The agent in the shadow's pod does not accept this session's key.", error);
  }
  if (level === 'handshake' && message.includes('no matching')) {
    return tunnelRefusedError(`The agent's sshd and heddle have no algorithm in common (${message}).`, error);
  }
  return error;
}
