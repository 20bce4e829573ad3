import { agentFiles, type InProcessAgent, type PodProcess } from '@heddle/core';
import { SECRET } from '../names.js';
import { parseSessionConfig } from '../session-config.js';
import { Listeners } from './listeners.js';
import { MemorySocket, socketError } from './memory-socket.js';
import { ServerConnection } from './server-connection.js';

/**
 * The agent's image as a program in this process, for the sandbox: an SSH server that reads the same Secret and allows the same.
 * `undefined` for pods without the agent's container or Secret.
 */
export const agent: InProcessAgent = async (context) => {
  const files = agentFiles(context, Object.values(SECRET));
  if (files === undefined) return undefined;
  const { [SECRET.authorizedKeys]: authorizedKeys, [SECRET.hostKey]: hostKey } = files;
  const config = parseSessionConfig(files[SECRET.config]);
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
    const connection = new ServerConnection(stream, { authorizedKeys, hostKey, config, listeners, dial: context.dial, endOthers });
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
