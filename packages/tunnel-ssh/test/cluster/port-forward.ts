import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Dial } from '@heddle/core';
import type { Shadow } from '../../../../test/agents/kube.js';

/** A way to the pod by `kubectl port-forward`. `freeze` stops it without a word, as a lost network does. */
export interface PortForward extends AsyncDisposable {
  readonly dial: Dial;
  freeze(): void;
}

export async function portForward({ namespace, pod, agent }: Shadow): Promise<PortForward> {
  const child: ChildProcess = spawn('kubectl', ['-n', namespace, 'port-forward', `pod/${pod}`, `:${agent.port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close');
  if (child.stdout === null) throw new Error('kubectl port-forward has no output');
  const lines = createInterface(child.stdout);
  const [line] = await once(lines, 'line');
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
  return {
    dial: async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
    freeze: () => child.kill('SIGSTOP'),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
