import { type Agent, type Dial, ForwardedPort, type ForwardSpec, type Log, type Tunnel } from '@heddle/core';
import { credentialsOf } from './credentials.js';
import { DirectTunnel } from './direct-tunnel.js';
import { greetAgent, welcomed } from './greet-agent.js';
import type { Hello } from './protocol/messages.js';
import { Wire } from './protocol/wire.js';

/** For one handshake, dial included. Ms. */
const CONNECT_TIMEOUT = 30_000;

/** `signal` ends connecting only; an open tunnel ends by disposal. */
export async function connect(
  dial: Dial,
  agent: Agent,
  forwards: readonly ForwardSpec[],
  options: { readonly signal: AbortSignal; readonly log: Log },
): Promise<Tunnel> {
  const token = credentialsOf(agent.credentials).token();
  const ports = new Map(forwards.map((spec) => [spec.port, new ForwardedPort(spec, options.log)]));
  let onBytes = () => {};
  const hello = { role: 'control', listen: [...ports.keys()] } as const;
  const [control, session] = await reach(
    { dial, port: agent.port, token, hello, signal: options.signal, onBytes: () => onBytes() },
    async (wire) => [wire, await welcomed(wire)] as const,
  );
  const tunnel = new DirectTunnel({
    control,
    ports,
    dial: (role, signal, onBytes) =>
      reach({ dial, port: agent.port, token, hello: { role, session }, signal, onBytes }, async (wire) => wire),
    log: options.log,
  });
  onBytes = () => tunnel.heard();
  return tunnel;
}

interface Reach {
  readonly dial: Dial;
  readonly port: number;
  readonly token: Buffer;
  readonly hello: Omit<Hello, 'version' | 'nonce'>;
  readonly signal: AbortSignal;
  readonly onBytes: () => void;
}

/** Dials and greets the agent, and what `then` does; nothing of it is left when one of these fails or the signal aborts. */
async function reach<T>({ dial, port, token, hello, signal, onBytes }: Reach, then: (wire: Wire) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error(`the agent did not answer within ${CONNECT_TIMEOUT / 1000} s`)), CONNECT_TIMEOUT);
  const given = AbortSignal.any([signal, deadline.signal]);
  let wire: Wire | undefined;
  const onAbort = () => wire?.destroy();
  given.addEventListener('abort', onAbort);
  try {
    wire = new Wire(await dial(port, given), { closesLast: false, onBytes });
    given.throwIfAborted();
    await greetAgent(wire, token, hello);
    return await then(wire);
  } catch (error) {
    wire?.destroy();
    throw given.aborted ? given.reason : error;
  } finally {
    given.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  }
}
