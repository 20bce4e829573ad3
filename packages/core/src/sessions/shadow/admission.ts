import { clusterReason } from '../../errors/cluster-error.js';
import { UserError } from '../../errors/user-error.js';

/**
 * Turns the API server's refusal of the shadow's pod by PodSecurity into words that say what to do; any other error is returned as it is.
 * The server names level and containers: `violates PodSecurity "restricted:latest": … (container "x" must …)`
 * (kubernetes, staging/src/k8s.io/pod-security-admission/admission/admission.go, 1.36).
 */
export function explainAdmission(error: unknown, agentContainer: string, namespace: string): unknown {
  if (clusterReason(error) !== 'Forbidden' || !(error instanceof Error)) return error;
  const level = /violates PodSecurity "([^":]+)/.exec(error.message)?.[1];
  if (level === undefined) return error;
  const named = [...error.message.matchAll(/containers? ((?:"[^"]+"(?:, )?)+)/g)].flatMap((hit) =>
    [...(hit[1] ?? '').matchAll(/"([^"]+)"/g)].map((one) => one[1] ?? ''),
  );
  const foreign = [...new Set(named)].filter((name) => name !== agentContainer);
  if (foreign.length > 0) {
    return new UserError({
      code: 'pod-security',
      exit: 'cluster',
      message:
        `The mesh's own ${foreign.length === 1 ? 'container' : 'containers'} (${foreign.join(', ')}) in the shadow's pod would have rights that ` +
        `the PodSecurity level "${level}" of namespace ${namespace} refuses`,
      next: ['Use --no-sidecar', "Install the mesh's CNI plugin, with which its init container needs no rights"],
      cause: error,
    });
  }
  return new UserError({
    code: 'pod-security',
    exit: 'cluster',
    message: `The PodSecurity level "${level}" of namespace ${namespace} refuses the shadow's pod: ${error.message}`,
    next: ['Check agent.labels, agent.annotations and the agent image in the configuration'],
    cause: error,
  });
}
