import type { Agent, AgentSpec, KubeObject } from '@heddle/core';
import { BugError } from '@heddle/core';
import type { Settings } from './agent/settings.js';
import { credentials } from './credentials.js';
import { AGENT, SECRET } from './names.js';
import { newToken } from './protocol/handshake.js';

/** The agent's container, Secret and token for one session. Throws `BugError` for ports below 1024. */
export function makeAgent(spec: AgentSpec): Agent {
  const low = spec.ports.find(({ port }) => port < 1024);
  if (low !== undefined) throw new BugError(`agent: expected ports from 1024 on, received ${low.port}`);
  const controlPort = freePort(spec);
  const token = newToken();
  const settings: Settings = { controlPort, permitListen: spec.ports.map(({ port }) => port), permitOpen: spec.permitOpen };
  return {
    container: container(spec, controlPort),
    // Owned by root and readable by all in the container.
    volumes: [{ name: AGENT.volume, secret: { secretName: spec.secretName, defaultMode: 0o444 } }],
    secretData: {
      [SECRET.token]: base64(token.toString('base64url')),
      [SECRET.settings]: base64(JSON.stringify(settings)),
    },
    port: controlPort,
    credentials: credentials(token),
  };
}

function container(spec: AgentSpec, controlPort: number): KubeObject {
  return {
    name: AGENT.container,
    image: spec.image,
    ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
    ports: [
      { name: AGENT.controlPort, containerPort: controlPort, protocol: 'TCP' },
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
    // Node itself takes 45 MiB; each slow connection holds up to 1 MiB.
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
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
