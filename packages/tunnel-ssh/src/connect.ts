import type { Agent, Dial, ForwardSpec, Log, Tunnel } from '@heddle/core';
import { credentialsOf } from './credentials.js';
import { refusedError } from './errors.js';
import { Forwarder } from './forwarder.js';
import { watchLiveness } from './liveness.js';
import { SshConnection } from './ssh-connection.js';
import { SshTunnel } from './ssh-tunnel.js';
import { Transport } from './transport.js';

const CONNECT_TIMEOUT = 30_000;

/** `signal` ends connecting only; an open tunnel ends by disposal. */
export async function connect(
  dial: Dial,
  agent: Agent,
  forwards: readonly ForwardSpec[],
  options: { readonly signal: AbortSignal; readonly log: Log },
): Promise<Tunnel> {
  const { signal, log } = options;
  const keys = credentialsOf(agent.credentials);
  signal.throwIfAborted();
  const transport = new Transport(await dial(agent.port, signal));
  const forwarders = new Map(forwards.map((spec) => [spec.port, new Forwarder(spec, transport, log)]));
  const stopWatching = watchLiveness(transport);
  transport.once('close', stopWatching);
  const onAbort = () => transport.destroy();
  signal.addEventListener('abort', onAbort);
  // Something may answer pings and nothing else.
  const deadline = setTimeout(
    () => transport.destroy(new Error(`the agent was not ready within ${CONNECT_TIMEOUT / 1000} s`)),
    CONNECT_TIMEOUT,
  );
  try {
    signal.throwIfAborted();
    const connection = new SshConnection(transport);
    connection.onConnection((port, accept, reject) => {
      const forwarder = forwarders.get(port);
      if (forwarder === undefined) reject();
      else forwarder.onConnection(accept, reject);
    });
    await connection.open(keys);
    await listen(connection, [...forwarders.keys()]);
    return new SshTunnel(transport, connection, [...forwarders.values()]);
  } catch (error) {
    for (const forwarder of forwarders.values()) forwarder.abort();
    transport.destroy();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(deadline);
  }
}

/**
 * A connection that died without a word keeps its ports until the agent's program has ended it. Run before the first forward,
 * it also makes sshd switch Nagle's algorithm off.
 */
async function listen(connection: SshConnection, ports: readonly number[]): Promise<void> {
  await connection.endOthers();
  const results = await Promise.all(ports.map(async (port) => ({ port, listening: await connection.forwardIn(port) })));
  const refused = results.filter(({ listening }) => !listening).map(({ port }) => port);
  if (refused.length > 0) {
    throw refusedError(
      `The agent refuses to listen on port ${refused.join(', ')} of the shadow's pod: another container uses it, or the session's Secret was changed.`,
    );
  }
}
