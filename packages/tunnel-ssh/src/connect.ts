import type { Duplex } from 'node:stream';
import { type Agent, type Dial, ForwardedPort, type ForwardSpec, type Log, type Tunnel, tunnelRefusedError } from '@heddle/core';
import { ChannelStream } from './channel-stream.js';
import { credentialsOf } from './credentials.js';
import { join } from './join.js';
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
  const ports = new Map(forwards.map((spec) => [spec.port, new ForwardedPort(spec, log)]));
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
      const forwarded = ports.get(port);
      const connected = (local: Duplex) => join(local, new ChannelStream(accept(), transport));
      // Accepted only when there is a local connection, so that a caller sees at once when nothing listens.
      if (forwarded === undefined) reject();
      else forwarded.connect({ connected, failed: reject });
    });
    await connection.open(keys);
    await listen(connection, [...ports.keys()]);
    return new SshTunnel(transport, connection, [...ports.values()]);
  } catch (error) {
    for (const port of ports.values()) port.abort();
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
    throw tunnelRefusedError(
      `The agent refuses to listen on port ${refused.join(', ')} of the shadow's pod: another container uses it, or the session's Secret was changed.`,
    );
  }
}
