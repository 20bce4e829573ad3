import { type Agent, type AgentSpec, agentPod, agentPort } from '@heddle/core';
import { credentials } from './credentials.js';
import { generateSshKey, privateFile, publicLine } from './keys.js';
import { IMAGE, SECRET } from './names.js';
import { formatSessionConfig } from './session-config.js';

/**
 * The agent's container, Secret and keys for one session. sshd minds that all can read the Secret's files only for a key of its own user.
 * Throws `BugError` for ports below 1024 and hosts that are none.
 */
export function makeAgent(spec: AgentSpec): Agent {
  const port = agentPort(spec);
  const client = generateSshKey();
  const host = generateSshKey();
  const files = {
    [SECRET.authorizedKeys]: `${publicLine(client)}\n`,
    [SECRET.hostKey]: privateFile(host),
    [SECRET.config]: formatSessionConfig({
      port,
      permitListen: spec.ports.map((exposed) => exposed.port),
      permitOpen: spec.permitOpen,
    }),
  };
  return {
    ...agentPod(spec, IMAGE, port, files),
    credentials: credentials({ clientKey: client.privateKey, clientPublic: client.publicBlob, hostPublic: host.publicBlob }),
  };
}
