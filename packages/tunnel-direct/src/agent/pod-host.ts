import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AgentHost } from './host.js';

/** The real pod: TCP sockets. */
export const podHost: AgentHost = {
  async listen(port, where, accept) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
    // Without a host: every address, IPv4 and IPv6.
    server.listen(where === 'loopback' ? { port, host: '127.0.0.1' } : { port, backlog: 4096 });
    await once(server, 'listening');
    // One that cannot be accepted, for want of descriptors say, ends no other.
    server.on('error', (error) => console.error(`port ${port}: ${error.message}`));
    return () => void server.close();
  },
  async dial({ host, port }) {
    const socket = createConnection({ host, port, allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return socket;
  },
  log: (message) => console.log(message),
};
