import { UserError } from '../errors/user-error.js';
import { AGENT_CONTAINER } from './agent-pod.js';

const SEE_LOG = `See what the agent says: kubectl logs <pod> -c ${AGENT_CONTAINER}`;

/**
 * `connect` rejects with it, code `tunnel-auth`: the agent is not the one that this session made, or does not know its key or token.
 * Another attempt cannot help.
 */
export function tunnelAuthError(message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'tunnel-auth',
    exit: 'cluster',
    message,
    next: ["Somebody replaced the session's pod or Secret: stop this session and start it again.", SEE_LOG],
    cause,
  });
}

/** `connect` rejects with it, code `tunnel-refused`: the agent does not do what a session needs. Another attempt cannot help. */
export function tunnelRefusedError(message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'tunnel-refused',
    exit: 'cluster',
    message,
    next: ['Use the agent image of this version of heddle.', SEE_LOG],
    cause,
  });
}
