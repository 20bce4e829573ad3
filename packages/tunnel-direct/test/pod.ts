import { podContextOf } from '@heddle/conformance';
import type { Agent, AgentSpec, ForwardSpec, Log, PodProcess, Tunnel } from '@heddle/core';
import { agent as inProcessAgent } from '../src/in-process/index.js';
import { tunnel } from '../src/index.js';
import { FRAME } from '../src/protocol/frame.js';
import { newNonce, proofOf } from '../src/protocol/handshake.js';
import { type Hello, PROTOCOL_VERSION, parseMessage } from '../src/protocol/messages.js';
import { Wire } from '../src/protocol/wire.js';

export const PORTS = [{ name: 'http', port: 8080 }];
export const nowhere = () => ({ host: '127.0.0.1', port: 1 });
export const silent: Log = () => {};

/** A shadow pod in this process. */
export interface TestPod extends AsyncDisposable {
  readonly agent: Agent;
  readonly token: Buffer;
  readonly process: PodProcess;
  connect(forwards: readonly ForwardSpec[]): Promise<Tunnel>;
  /** A bare wire to the agent, for what the provider never says. */
  wire(): Promise<Wire>;
}

export async function startPod(spec: Partial<AgentSpec> = {}): Promise<TestPod> {
  const agent = await tunnel.agent({ image: 'agent', secretName: 'heddle-test', ports: PORTS, permitOpen: [], ...spec });
  const process = await inProcessAgent(podContextOf(agent));
  if (process === undefined) throw new Error('the in-process agent does not know its own pod');
  const dial = (port: number) => process.connect(port);
  return {
    agent,
    token: Buffer.from(Buffer.from(agent.secretData.token ?? '', 'base64').toString(), 'base64url'),
    process,
    connect: (forwards) => tunnel.connect(dial, agent, forwards, { signal: new AbortController().signal, log: silent }),
    wire: async () => new Wire(await dial(agent.port), { closesLast: false }),
    [Symbol.asyncDispose]: () => process.stop(),
  };
}

/** Greets with a token of one's own choice; resolves with what the agent says to the proof, or has said instead of a challenge. */
export async function greetWith(wire: Wire, token: Buffer, what: Omit<Hello, 'nonce' | 'version'> & { readonly version?: number }) {
  const hello: Hello = { version: PROTOCOL_VERSION, nonce: newNonce(), ...what };
  wire.send(FRAME.hello, hello);
  const challenge = await wire.next();
  if (challenge.type !== FRAME.challenge) return challenge;
  const { nonce } = parseMessage('challenge', challenge.payload);
  wire.send(FRAME.proof, { proof: proofOf(token, 'laptop', Buffer.from(JSON.stringify(hello)), nonce) });
  return await wire.next();
}
