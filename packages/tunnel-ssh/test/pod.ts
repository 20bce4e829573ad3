import type { Duplex } from 'node:stream';
import { podContextOf } from '@heddle/conformance';
import type { Agent, AgentSpec, Dial, ForwardSpec, Log, PodContext, PodProcess, Tunnel } from '@heddle/core';
import { agent as inProcessAgent } from '../src/in-process/index.js';
import { tunnel } from '../src/index.js';

/** A shadow pod in this process, and what connects to it. */
export interface TestPod extends AsyncDisposable {
  readonly agent: Agent;
  readonly process: PodProcess;
  readonly dial: Dial;
  /** The streams that `dial` made, newest last. */
  readonly dialled: readonly Duplex[];
  connect(forwards: readonly ForwardSpec[], options?: { readonly signal?: AbortSignal; readonly log?: Log }): Promise<Tunnel>;
}

export const silent: Log = () => {};

export async function startPod(spec: Partial<AgentSpec> & Pick<AgentSpec, 'ports'>, changes: Partial<PodContext> = {}): Promise<TestPod> {
  const agent = await tunnel.agent({ image: 'agent', secretName: 'heddle-test', permitOpen: [], ...spec });
  const process = await inProcessAgent({ ...podContextOf(agent), ...changes });
  if (process === undefined) throw new Error('the in-process agent does not know its own pod');
  const dialled: Duplex[] = [];
  const dial: Dial = async (port) => {
    const stream = await process.connect(port);
    dialled.push(stream);
    return stream;
  };
  return {
    agent,
    process,
    dial,
    dialled,
    connect: (forwards, options = {}) =>
      tunnel.connect(dial, agent, forwards, { signal: options.signal ?? new AbortController().signal, log: options.log ?? silent }),
    [Symbol.asyncDispose]: () => process.stop(),
  };
}
