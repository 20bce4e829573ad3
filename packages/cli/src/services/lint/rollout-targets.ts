import { isRecord, type KubeObject, metaOf, type Problem } from '@heddle/core';

/**
 * The objects (as `namespace/name`) that Argo Rollouts writes into to route a canary's traffic. Into subsets it writes the labels of its
 * ReplicaSets: in files these may be alike, in a cluster they are not (argo-rollouts `rollout/trafficrouting`, `updateDestinationRule`, 1.9).
 */
export function rolloutTargets(objects: readonly KubeObject[]): ReadonlySet<string> {
  const rollouts = objects.filter(({ kind, apiVersion }) => kind === 'Rollout' && String(apiVersion).startsWith('argoproj.io/'));
  return new Set(
    rollouts.flatMap((rollout) =>
      Object.values(record(record(record(record(rollout.spec).strategy).canary).trafficRouting))
        .flatMap((router) => Object.values(record(router)))
        .flatMap((target) => {
          const { name } = record(target);
          return typeof name === 'string' ? [`${metaOf(rollout).namespace}/${name}`] : [];
        }),
    ),
  );
}

/** Whether a finding says that subsets are alike which Argo Rollouts tells apart. */
export const isOfRollout = ({ code, ref }: Problem, managed: ReadonlySet<string>): boolean =>
  code === 'subsets-alike' && ref !== undefined && managed.has(`${ref.namespace}/${ref.name}`);

const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
