import type { Duplex } from 'node:stream';
import { agentFiles, type InProcessAgent, type PodProcess } from '@heddle/core';
import { Agent } from '../agent/agent.js';
import type { AgentHost } from '../agent/host.js';
import { parseSettings } from '../agent/settings.js';
import { SECRET } from '../names.js';
import { socketError, socketPair } from './socket-pair.js';

/**
 * The image's own agent as a program in this process, for the sandbox: the same code on connections in memory.
 * `undefined` for pods without the agent's container or Secret.
 */
export const agent: InProcessAgent = async (context) => {
  const files = agentFiles(context, Object.values(SECRET));
  if (files === undefined) return undefined;
  const settings = parseSettings(files[SECRET.settings]);
  const ports = new Map<number, (stream: Duplex) => void>();
  const changed = new Set<() => void>();
  const change = () => {
    for (const listener of changed) listener();
  };
  const host: AgentHost = {
    listen: async (port, _where, accept) => {
      if (ports.has(port)) throw new Error(`port ${port} is taken`);
      ports.set(port, accept);
      change();
      return () => {
        if (ports.delete(port)) change();
      };
    },
    dial: ({ host, port }) => context.dial(host, port),
    log: () => {},
  };
  const program = new Agent(host, settings, Buffer.from(files[SECRET.token], 'base64url'));
  await program.start();
  const process: PodProcess = {
    connect: async (port) => {
      const accept = ports.get(port);
      if (accept === undefined) throw socketError('ECONNREFUSED');
      const [theirs, ours] = socketPair();
      accept(ours);
      return theirs;
    },
    ready: () => settings.permitListen.every((port) => ports.has(port)),
    onReadyChange: (listener) => changed.add(listener),
    stop: async () => program.stop(),
  };
  return process;
};
