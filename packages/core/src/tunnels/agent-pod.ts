import type { PodContext } from '../contracts/in-process.js';
import type { Agent, AgentSpec } from '../contracts/tunnel-provider.js';
import { BugError } from '../errors/bug-error.js';
import { isRecord } from '../model/object.js';

/** The agent's container is called so in every pod, and so is the volume with its Secret. */
export const AGENT_CONTAINER = 'heddle-agent';

/** What a tunnel's image and the pod agree on. */
export interface AgentImage {
  /** User and group that it runs as. */
  readonly uid: number;
  /** Where the session's Secret is mounted. */
  readonly session: string;
  /** A program in it: `ready PORT...` succeeds when each port listens on every address, as the mesh needs it. */
  readonly ready: string;
  /** Name of the container's port that `connect` dials. */
  readonly controlPort: string;
  /** What it takes when idle, as a Kubernetes quantity. */
  readonly memory: string;
}

/** A port for the agent itself, beside those of the session: 2222 or the first free one after it. Throws `BugError` for ports below 1024. */
export function agentPort({ ports }: AgentSpec): number {
  const low = ports.find(({ port }) => port < 1024);
  if (low !== undefined) throw new BugError(`agent: expected ports from 1024 on, received ${low.port}`);
  let free = 2222;
  while (ports.some(({ port }) => port === free)) free += 1;
  return free;
}

/**
 * An agent as parts of a pod that passes PodSecurity `restricted`: everything but its credentials. `port` is what it is dialled on
 * (`agentPort`), `files` are the texts of its Secret by file name, readable by all in the container.
 */
export function agentPod(
  spec: AgentSpec,
  image: AgentImage,
  port: number,
  files: Readonly<Record<string, string>>,
): Omit<Agent, 'credentials'> {
  return {
    container: {
      name: AGENT_CONTAINER,
      image: spec.image,
      ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
      ports: [
        { name: image.controlPort, containerPort: port, protocol: 'TCP' },
        ...spec.ports.map((exposed) => ({ name: exposed.name, containerPort: exposed.port, protocol: 'TCP' })),
      ],
      // All that `restricted` asks for, here and not on the pod: an injected init container would inherit it there.
      securityContext: {
        runAsNonRoot: true,
        runAsUser: image.uid,
        runAsGroup: image.uid,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      resources: { requests: { cpu: '20m', memory: image.memory }, limits: { cpu: '1', memory: '256Mi' } },
      readinessProbe: {
        exec: { command: [image.ready, ...spec.ports.map((exposed) => String(exposed.port))] },
        periodSeconds: 1,
        timeoutSeconds: 2,
        failureThreshold: 1,
      },
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: [{ name: AGENT_CONTAINER, mountPath: image.session, readOnly: true }],
    },
    // Owned by root.
    volumes: [{ name: AGENT_CONTAINER, secret: { secretName: spec.secretName, defaultMode: 0o444 } }],
    secretData: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString('base64')])),
    port,
  };
}

/** The texts that an agent finds in its Secret, for its in-process program; `undefined` for a pod without the container or one of the files. */
export function agentFiles<Name extends string>({ pod, secrets }: PodContext, names: readonly Name[]): Record<Name, string> | undefined {
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const containers: readonly unknown[] = Array.isArray(spec.containers) ? spec.containers : [];
  if (!containers.some((container) => isRecord(container) && container.name === AGENT_CONTAINER)) return undefined;
  const files = Object.values(secrets).find((data) => names.every((name) => name in data));
  return files === undefined ? undefined : (Object.fromEntries(names.map((name) => [name, String(files[name])])) as Record<Name, string>);
}
