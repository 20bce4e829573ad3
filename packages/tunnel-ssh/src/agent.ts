import type { Agent, AgentSpec, KubeObject } from '@heddle/core';
import { BugError } from '@heddle/core';
import { credentials } from './credentials.js';
import { generateSshKey, privateFile, publicLine } from './keys.js';
import { AGENT, SECRET } from './names.js';
import { formatSessionConfig } from './session-config.js';

/** The agent's container, Secret and keys for one session. Throws `BugError` for ports below 1024 and hosts that are none. */
export function makeAgent(spec: AgentSpec): Agent {
  const low = spec.ports.find(({ port }) => port < 1024);
  if (low !== undefined) throw new BugError(`agent: expected ports from 1024 on, received ${low.port}`);
  const port = freePort(spec);
  const client = generateSshKey();
  const host = generateSshKey();
  const config = formatSessionConfig({ port, permitListen: spec.ports.map((exposed) => exposed.port), permitOpen: spec.permitOpen });
  return {
    container: container(spec, port),
    // Owned by root and readable by all in the container: sshd minds a loose mode only on a key of its own user.
    volumes: [{ name: AGENT.volume, secret: { secretName: spec.secretName, defaultMode: 0o444 } }],
    secretData: {
      [SECRET.authorizedKeys]: base64(`${publicLine(client)}\n`),
      [SECRET.hostKey]: base64(privateFile(host)),
      [SECRET.config]: base64(config),
    },
    port,
    credentials: credentials({ clientKey: client.privateKey, clientPublic: client.publicBlob, hostPublic: host.publicBlob }),
  };
}

function container(spec: AgentSpec, sshPort: number): KubeObject {
  return {
    name: AGENT.container,
    image: spec.image,
    ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
    ports: [
      { name: AGENT.sshPort, containerPort: sshPort, protocol: 'TCP' },
      ...spec.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' })),
    ],
    // All that PodSecurity `restricted` asks for, here and not on the pod: an injected init container would inherit it there.
    securityContext: {
      runAsNonRoot: true,
      runAsUser: AGENT.uid,
      runAsGroup: AGENT.uid,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // sshd holds up to 2 MiB for each slow connection.
    resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    readinessProbe: {
      exec: { command: [AGENT.ready, ...spec.ports.map(({ port }) => String(port))] },
      periodSeconds: 1,
      timeoutSeconds: 2,
      failureThreshold: 1,
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [{ name: AGENT.volume, mountPath: AGENT.session, readOnly: true }],
  };
}

function freePort(spec: AgentSpec): number {
  let port = 2222;
  while (spec.ports.some((exposed) => exposed.port === port)) port += 1;
  return port;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
