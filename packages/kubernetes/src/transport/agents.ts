import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { BugError } from '@heddle/core';
import { ConnectTimeout, dialThroughProxy } from './dial.js';
import type { TlsSettings } from './exchange.js';
import type { Timing } from './timing.js';

export interface Agents {
  /** For requests: keeps connections. */
  readonly requests: http.Agent;
  /** For port-forwards: each takes its connection along. */
  readonly upgrades: http.Agent;
  destroy(): void;
}

type Route = { readonly secure: boolean; readonly proxy?: URL | undefined; readonly timing: Pick<Timing, 'connect' | 'idleConnection'> };

export function createAgents(route: Route): Agents {
  const requests = createAgent(route, {
    keepAlive: true,
    keepAliveMsecs: 15_000,
    timeout: route.timing.idleConnection,
    scheduling: 'lifo',
  });
  const upgrades = createAgent(route, {});
  return {
    requests,
    upgrades,
    destroy() {
      requests.destroy();
      upgrades.destroy();
    },
  };
}

/** An agent whose connections have a time limit and go through the proxy. TLS settings come with each request. */
function createAgent({ secure, proxy, timing }: Route, options: http.AgentOptions): http.Agent {
  const agent = secure ? new https.Agent(options) : new http.Agent(options);
  const connect = agent.createConnection.bind(agent);

  async function through(via: URL, target: http.ClientRequestArgs): Promise<Duplex> {
    const until = performance.now() + timing.connect;
    const { host, port, ca, rejectUnauthorized } = target as http.ClientRequestArgs & TlsSettings;
    const tls = { ...(ca === undefined ? {} : { ca }), ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }) };
    const raw = await dialThroughProxy(via, { host: host ?? 'localhost', port: Number(port), tls }, timing.connect);
    const socket = secure ? connect(Object.assign(target, { socket: raw })) : raw;
    if (!socket) throw new BugError('an agent made no connection');
    if (secure) limit(socket, 'secureConnect', Math.max(1, until - performance.now()));
    return socket;
  }

  agent.createConnection = (target, callback) => {
    if (proxy !== undefined) {
      // On failure the agent looks at the error alone.
      through(proxy, target).then((socket) => callback?.(null, socket), callback as (error: Error) => void);
      return undefined;
    }
    const socket = connect(target);
    if (socket) limit(socket, secure ? 'secureConnect' : 'connect', timing.connect);
    return socket;
  };
  return agent;
}

function limit(socket: Duplex, ready: string, ms: number): void {
  const timer = setTimeout(() => socket.destroy(new ConnectTimeout()), ms);
  const clear = () => clearTimeout(timer);
  socket.once(ready, clear);
  socket.once('close', clear);
}
