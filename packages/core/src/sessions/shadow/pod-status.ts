import { UserError } from '../../errors/user-error.js';
import { isRecord, type KubeObject, metaOf } from '../../model/object.js';

/** What a pod's status says about becoming ready. */
export interface PodStatus {
  /** The agent's container runs, ready or not: port-forward works from then on. */
  readonly running: boolean;
  readonly ready: boolean;
  /** One phrase for progress: `ContainerCreating`, `Unschedulable: 0/3 nodes are available`. */
  readonly phrase: string;
  /** Set when waiting longer cannot help. */
  readonly failure?: UserError;
  /** What to say when the time is up, if the status tells more than the phrase. */
  readonly onTimeout?: UserError;
}

interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly waiting?: Record<string, unknown>;
  readonly running: boolean;
  readonly terminated?: Record<string, unknown>;
  readonly last?: Record<string, unknown>;
  readonly restarts: number;
}

/** The kubelet's reasons (kubernetes, pkg/kubelet/images/types.go and kuberuntime/kuberuntime_container.go, 1.36). */
const PULL = ['ImagePullBackOff', 'ErrImagePull', 'ErrImageNeverPull', 'InvalidImageName', 'RegistryUnavailable', 'ImageInspectError'];
const START = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
  'PreCreateHookError',
  'PostStartHookError',
];

export function podStatus(pod: KubeObject, agentContainer: string): PodStatus {
  const status = isRecord(pod.status) ? pod.status : {};
  const containers = [...statuses(status.initContainerStatuses), ...statuses(status.containerStatuses)];
  const { name } = metaOf(pod);
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isRecord) : [];
  const holds = (type: string) => conditions.some((condition) => condition.type === type && condition.status === 'True');
  // A sandbox or an assumed pod may report conditions alone.
  const agent = containers.find((container) => container.name === agentContainer);
  const running = agent === undefined ? status.phase === 'Running' && containers.length === 0 : agent.running;
  const failure = finished(status, name) ?? firstOf(containers, (container) => containerFailure(container, name));
  const unschedulable = conditions.find((condition) => condition.type === 'PodScheduled' && condition.status === 'False');
  return {
    running,
    ready: holds('Ready'),
    phrase: phraseOf(status, containers, unschedulable),
    ...(failure === undefined ? {} : { failure }),
    ...(unschedulable === undefined ? {} : { onTimeout: notScheduled(name, text(unschedulable.message)) }),
  };
}

function containerFailure(container: ContainerStatus, pod: string): UserError | undefined {
  const reason = text(container.waiting?.reason);
  const message = text(container.waiting?.message);
  const where = `container ${container.name} of pod ${pod}`;
  if (PULL.includes(reason)) {
    return new UserError({
      code: 'image-pull',
      exit: 'cluster',
      message: `The image ${container.image} of ${where} cannot be pulled (${reason}${message === '' ? '' : `: ${message}`})`,
      next:
        reason === 'ErrImageNeverPull'
          ? [`Load ${container.image} onto the cluster's nodes, or set another pull policy than Never`]
          : [
              'Set agent.image in the configuration to an image that the cluster can pull',
              'Set agent.pullSecret to the name of a pull secret in the namespace if the registry wants credentials',
              'Run heddle doctor --pull, which tries it on a node',
            ],
    });
  }
  if (START.includes(reason)) {
    return new UserError({
      code: 'container-start',
      exit: 'cluster',
      message: `The ${where} cannot be started (${reason}${message === '' ? '' : `: ${message}`})`,
      next: [`Look at it with kubectl describe pod ${pod}`],
    });
  }
  if (
    reason === 'CrashLoopBackOff' ||
    (container.restarts >= 3 && container.terminated !== undefined && container.terminated.exitCode !== 0)
  ) {
    return new UserError({
      code: 'container-crash',
      exit: 'cluster',
      message: `The ${where} ends again and again: ${lastWords(container)}`,
      next: ['Check that the agent image fits this version of heddle', 'Check the limits and the security level of the namespace'],
    });
  }
  return undefined;
}

function lastWords(container: ContainerStatus): string {
  const end = container.terminated ?? container.last ?? {};
  const message = text(end.message).trim();
  const how = [text(end.reason), typeof end.exitCode === 'number' ? `exit code ${end.exitCode}` : '']
    .filter((part) => part !== '')
    .join(', ');
  if (message === '') return how === '' ? 'it left no message' : how;
  const lines = message.split('\n');
  return `${lines.slice(-3).join(' / ')}${how === '' ? '' : ` (${how})`}`;
}

function finished(status: Record<string, unknown>, pod: string): UserError | undefined {
  if (status.phase !== 'Failed' && status.phase !== 'Succeeded') return undefined;
  const why = [text(status.reason), text(status.message)].filter((part) => part !== '').join(': ');
  return new UserError({
    code: 'pod-ended',
    exit: 'cluster',
    message: `Pod ${pod} has ended (${why === '' ? text(status.phase) : why})`,
    next: ['Start again with heddle mesh'],
  });
}

function notScheduled(pod: string, message: string): UserError {
  return new UserError({
    code: 'unschedulable',
    exit: 'cluster',
    message: `No node takes pod ${pod}${message === '' ? '' : `: ${message}`}`,
    next: ['Set agent.nodeSelector or agent.tolerations in the configuration', 'Free resources in the cluster'],
  });
}

function phraseOf(
  status: Record<string, unknown>,
  containers: readonly ContainerStatus[],
  unschedulable: Record<string, unknown> | undefined,
): string {
  if (unschedulable !== undefined)
    return [text(unschedulable.reason) || 'Unschedulable', text(unschedulable.message)].filter(Boolean).join(': ');
  const waiting = containers.find((container) => container.waiting !== undefined);
  if (waiting !== undefined) return `${waiting.name}: ${text(waiting.waiting?.reason) || 'waiting'}`;
  const unready = containers.find((container) => !container.ready && container.running);
  if (unready !== undefined) return `${unready.name}: running, not ready`;
  return text(status.phase) || 'Pending';
}

function statuses(value: unknown): readonly ContainerStatus[] {
  return (Array.isArray(value) ? value.filter(isRecord) : []).map((status) => {
    const state = isRecord(status.state) ? status.state : {};
    const last = isRecord(status.lastState) ? status.lastState.terminated : undefined;
    return {
      name: text(status.name),
      image: text(status.image),
      ready: status.ready === true,
      running: isRecord(state.running),
      restarts: typeof status.restartCount === 'number' ? status.restartCount : 0,
      ...(isRecord(state.waiting) ? { waiting: state.waiting } : {}),
      ...(isRecord(state.terminated) ? { terminated: state.terminated } : {}),
      ...(isRecord(last) ? { last } : {}),
    };
  });
}

function firstOf<T, R>(items: readonly T[], map: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = map(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
