import { clusterReason } from '../../errors/cluster-error.js';

/** Some 5 s with the usual back-off. */
const STARTING = 3;

/** What a user is told of an attempt that failed: `undefined`: nothing. A new agent takes a moment to listen, so its first refusals are no news. */
export function attemptMessage(attempt: number, error: Error): string | undefined {
  if (attempt > STARTING || clusterReason(error) !== 'ConnectionRefused') {
    return `connecting the tunnel: attempt ${attempt} failed (${error.message})`;
  }
  return attempt === 1 ? 'connecting the tunnel: waiting for the agent to listen' : undefined;
}
