import { type Agent, type AgentSpec, agentPod, agentPort } from '@heddle/core';
import type { Settings } from './agent/settings.js';
import { credentials } from './credentials.js';
import { IMAGE, SECRET } from './names.js';
import { newToken } from './protocol/handshake.js';

/** The agent's container, Secret and token for one session. Throws `BugError` for ports below 1024. */
export function makeAgent(spec: AgentSpec): Agent {
  const controlPort = agentPort(spec);
  const token = newToken();
  const settings: Settings = { controlPort, permitListen: spec.ports.map(({ port }) => port), permitOpen: spec.permitOpen };
  const files = { [SECRET.token]: token.toString('base64url'), [SECRET.settings]: JSON.stringify(settings) };
  return { ...agentPod(spec, IMAGE, controlPort, files), credentials: credentials(token) };
}
