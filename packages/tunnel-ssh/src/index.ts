import { defineTunnelProvider } from '@heddle/core';

/** ssh2 takes 40 ms to load: only a session that really starts pays for it. */
export const tunnel = defineTunnelProvider({
  id: 'ssh',
  title: 'SSH to an unprivileged OpenSSH in the shadow pod',
  protocols: ['tcp'],
  agent: async (spec) => (await import('./agent.js')).makeAgent(spec),
  connect: async (dial, agent, forwards, options) => (await import('./connect.js')).connect(dial, agent, forwards, options),
});

export default tunnel;
