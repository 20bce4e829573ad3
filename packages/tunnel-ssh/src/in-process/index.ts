import type { InProcessAgent, PodContext, PodProcess } from '@heddle/core';
import { isRecord } from '@heddle/core';
import { AGENT, SECRET } from '../names.js';
import { parseSessionConfig } from '../session-config.js';
import { Listeners } from './listeners.js';
import { MemorySocket, socketError } from './memory-socket.js';
import { ServerConnection } from './server-connection.js';

/**
 * The agent's image as a program in this process, for the sandbox: an SSH server that reads the same Secret and allows the same.
 * `undefined` for pods without the agent's container or Secret.
 */
export const agent: InProcessAgent = async (context) => {
  const files = sessionFiles(context);
  if (files === undefined) return undefined;
  const config = parseSessionConfig(files.config);
  const changed = new Set<() => void>();
  const listeners = new Listeners(() => {
    for (const listener of changed) listener();
  });
  const open = new Set<ServerConnection>();
  const endAll = async (connections: readonly ServerConnection[]) => {
    for (const connection of connections) connection.end();
    await Promise.all(connections.map((connection) => connection.closed));
  };
  const serve = (stream: MemorySocket) => {
    const endOthers = (mine: ServerConnection) => endAll([...open].filter((connection) => connection !== mine));
    const connection = new ServerConnection(stream, { ...files, config, listeners, dial: context.dial, endOthers });
    open.add(connection);
    void connection.closed.then(() => open.delete(connection));
  };
  let stopped = false;
  const process: PodProcess = {
    connect: async (port) => {
      if (!stopped && port === config.port) {
        const [theirs, ours] = MemorySocket.pair();
        serve(ours);
        return theirs;
      }
      const listener = listeners.reachable(port);
      if (listener === undefined) throw socketError('ECONNREFUSED');
      return listener.accept();
    },
    ready: () => config.permitListen.every((port) => listeners.reachable(port) !== undefined),
    onReadyChange: (listener) => changed.add(listener),
    stop: async () => {
      stopped = true;
      await endAll([...open]);
    },
  };
  return process;
};

interface SessionFiles {
  readonly authorizedKeys: string;
  readonly hostKey: string;
  readonly config: string;
}

function sessionFiles({ pod, secrets }: PodContext): SessionFiles | undefined {
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const containers: readonly unknown[] = Array.isArray(spec.containers) ? spec.containers : [];
  if (!containers.some((container) => isRecord(container) && container.name === AGENT.container)) return undefined;
  for (const files of Object.values(secrets)) {
    const authorizedKeys = files[SECRET.authorizedKeys]?.toString();
    const hostKey = files[SECRET.hostKey]?.toString();
    const config = files[SECRET.config]?.toString();
    if (authorizedKeys !== undefined && hostKey !== undefined && config !== undefined) return { authorizedKeys, hostKey, config };
  }
  return undefined;
}
