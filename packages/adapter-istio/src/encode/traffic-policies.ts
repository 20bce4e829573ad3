import { isRecord, type KubeObject, type MeshEnvironment, metaOf, type Note, refOf } from '@heddle/core';
import { completeHost } from './hosts.js';
import { specOf } from './virtual-service.js';
import type { WriteTask } from './write-task.js';

/**
 * Versions that are Services of their own: what a DestinationRule says of connections to the base (TLS, limits, outlier detection) is for
 * that host alone (istio/api `destination_rule.proto`, host), so it is said where they have none.
 */
export function policyNotes({ change, wanted, destinationRules, service, env }: WriteTask): readonly Note[] {
  if (change.owner.kind !== 'route') return [];
  const withPolicy = destinationRules.filter((rule) => isRecord(specOf(rule).trafficPolicy));
  const [base] = withPolicy.filter((rule) => hostOf(rule, env) === service.exposed.host);
  if (base === undefined) return [];
  const versions = wanted.flatMap(({ to = [], mirror }) => [...to, ...(mirror === undefined ? [] : [mirror.to])]);
  const hosts = new Set(versions.map(({ host }) => host.toLowerCase()));
  const bare = [...hosts].filter((host) => host !== service.exposed.host && !destinationRules.some((rule) => hostOf(rule, env) === host));
  return bare.map((host) => ({
    code: 'traffic-policy-not-for-version',
    message: `The traffic policy of DestinationRule ${metaOf(base).namespace}/${metaOf(base).name} is for ${service.name} alone; connections to ${host} have none`,
    ref: refOf(base),
  }));
}

const hostOf = (rule: KubeObject, env: MeshEnvironment): string | undefined =>
  completeHost(specOf(rule).host, metaOf(rule).namespace ?? '', env);
