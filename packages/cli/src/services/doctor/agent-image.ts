import { type Cluster, clusterReason } from '@heddle/core';
import type { AgentConfig } from '../../config/types.js';
import type { Pull, PullOutcome } from '../image-pull/try-pull.js';
import { type Finding, failed, ok, warning } from './check.js';

/** Where a pod for the image is tried, and the key of the configuration that names the image of this tunnel's agent. */
export interface PullPlace {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly key: string;
}

const pushStep = (key: string) => `Push it where the nodes can pull it, or set ${key} (or --image) to one that they can pull.`;
const buildStep = (key: string) =>
  `Build it in heddle's repository (npm run agent:image, or agent:image:direct), push it where the nodes can pull it, then: heddle config set ${key} IMAGE`;

/** What is configured, where nothing is tried. `hint`: how to try it, or why it was not. */
export function namedImage(image: string, { key, isSet }: { readonly key: string; readonly isSet: boolean }, hint: string): Finding {
  if (isSet) return ok(`${image}; ${hint}`);
  return warning(`${image}, the built-in name, which the cluster's nodes must have or be able to pull; ${hint}`, [buildStep(key)]);
}

/** What a try showed. */
export async function pulledImage({ outcome, seconds, left }: Pull, agent: AgentConfig, place: PullPlace): Promise<Finding> {
  const finding = await findingOf(outcome, `${seconds.toFixed(1)} s`, agent, place);
  if (left === undefined) return finding;
  return {
    status: finding.status === 'ok' ? 'warning' : finding.status,
    message: `${finding.message}; pod ${left.ref.name} is left: ${left.why}`,
    next: [...(finding.next ?? []), `Delete it: kubectl delete pod ${left.ref.name} -n ${place.namespace}`],
  };
}

async function findingOf(outcome: PullOutcome, after: string, agent: AgentConfig, place: PullPlace): Promise<Finding> {
  const { image } = agent;
  switch (outcome.is) {
    case 'there': {
      const where = `${image}: ${outcome.node === '' ? 'a node' : `node ${outcome.node}`} has it, ${after} after it was asked to`;
      if (outcome.broken === undefined) return ok(where);
      return warning(`${where}, but cannot run it (${outcome.broken})`, [
        `Check that it is the agent of this tunnel. ${buildStep(place.key)}`,
      ]);
    }
    case 'refused':
      return failed(
        `${image} cannot be pulled (${outcome.reason}${outcome.message === '' ? '' : `: ${outcome.message}`})`,
        await stepsFor(outcome.reason, agent, place),
      );
    case 'waiting':
      if (outcome.unschedulable !== undefined) {
        return failed(`no node has taken a pod for ${image} within ${after}: ${outcome.unschedulable}`, [
          'Set agent.nodeSelector or agent.tolerations in the configuration.',
          'Free resources in the cluster.',
        ]);
      }
      return failed(`${image} is not there after ${after} (${outcome.phrase})`, [
        'Try again: a node that has begun to pull goes on.',
        'Wait longer: agent.readyTimeout in the configuration, in seconds.',
      ]);
    case 'ended':
      return failed(`the pod for ${image} ended before the image was there (${outcome.why})`, ['Try again.']);
    case 'deleted':
      return failed(`somebody deleted the pod for ${image} before the image was there`, ['Try again.']);
    case 'interrupted':
      return failed(`interrupted after ${after}, before ${image} was there`);
  }
}

async function stepsFor(
  reason: string,
  { image, pullSecret }: AgentConfig,
  { cluster, namespace, key }: PullPlace,
): Promise<readonly string[]> {
  if (reason === 'InvalidImageName') return [`Correct ${key} in the configuration, or --image.`];
  if (reason === 'ErrImageNeverPull') return [`Load ${image} onto the nodes, or set another agent.imagePullPolicy than Never.`];
  if (pullSecret === undefined) {
    return [pushStep(key), `If the registry wants credentials: agent.pullSecret names a Secret of namespace ${namespace} that holds them.`];
  }
  const missing = await isMissing(cluster, namespace, pullSecret);
  return [
    missing
      ? `Make the pull secret: there is no Secret ${pullSecret} in namespace ${namespace}.`
      : `Check that Secret ${pullSecret} holds credentials for this registry.`,
    pushStep(key),
  ];
}

async function isMissing(cluster: Cluster, namespace: string, name: string): Promise<boolean> {
  try {
    return (await cluster.get({ apiVersion: 'v1', kind: 'Secret', namespace, name })) === undefined;
  } catch (error) {
    // Who may not read it learns less.
    if (clusterReason(error) === 'Forbidden') return false;
    throw error;
  }
}
