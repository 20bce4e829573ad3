import { defineTunnelProvider } from '@heddle/core';

/** Loaded when a session really starts. */
export const tunnel = defineTunnelProvider({
  id: 'direct',
  title: 'One port-forward stream for each connection, without SSH',
  protocols: ['tcp'],
  agent: async (spec) => (await import('./make-agent.js')).makeAgent(spec),
  connect: async (dial, agent, forwards, options) => (await import('./connect.js')).connect(dial, agent, forwards, options),
});

export default tunnel;
