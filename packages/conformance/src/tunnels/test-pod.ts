import { createConnection } from 'node:net';
import type { Agent, AgentSpec, ForwardSpec, Log, PodContext, PodProcess, Tunnel } from '@heddle/core';
import { type Network, networkTo } from './network.js';
import type { TunnelUnderTest } from './tunnel-case.js';

export const HTTP = { name: 'http', port: 8080 };
export const ADMIN = { name: 'admin', port: 9090 };

/** A shadow pod in this process, and how to connect to it. */
export interface TestPod extends AsyncDisposable {
  readonly agent: Agent;
  readonly process: PodProcess;
  /** Over a network of its own, unless one is given. */
  connect(forwards: readonly ForwardSpec[], options?: ConnectOptions): Promise<Tunnel>;
}

export interface ConnectOptions {
  readonly agent?: Agent;
  readonly network?: Network;
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

const SECRET_NAME = 'heddle-test';

export async function startPod({ provider, agent: start }: TunnelUnderTest, spec: Partial<AgentSpec> = {}): Promise<TestPod> {
  const agent = await provider.agent({ image: 'agent:1', secretName: SECRET_NAME, ports: [HTTP], permitOpen: [], ...spec });
  const process = await start(podContextOf(agent));
  if (process === undefined) throw new Error('the in-process agent does not know its own pod');
  return {
    agent,
    process,
    connect: (forwards, options = {}) =>
      provider.connect((options.network ?? networkTo(process)).dial, options.agent ?? agent, forwards, {
        signal: options.signal ?? new AbortController().signal,
        log: options.log ?? (() => {}),
      }),
    [Symbol.asyncDispose]: () => process.stop(),
  };
}

/** What the sandbox hands in for a pod with that agent. Connections out of the pod are loopback sockets. */
export function podContextOf(agent: Agent): PodContext {
  const files = Object.fromEntries(Object.entries(agent.secretData).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
  return {
    pod: { kind: 'Pod', spec: { containers: [agent.container], volumes: agent.volumes } },
    secrets: { [SECRET_NAME]: files },
    dial: (host, port) =>
      new Promise((resolve, reject) => {
        const socket = createConnection({ host, port, allowHalfOpen: true }, () => resolve(socket));
        socket.once('error', reject);
      }),
  };
}
