import { isRecord, type KubeObject, type Labels } from '@heddle/core';

/** The labels that a Service selects its Pods by; none for one whose endpoints somebody else writes, or that is a name alone. */
export function selectorOf({ spec }: KubeObject): Labels {
  if (!isRecord(spec) || !isRecord(spec.selector) || spec.type === 'ExternalName') return {};
  return Object.fromEntries(Object.entries(spec.selector).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export interface ServicePort {
  readonly port: number;
  readonly name?: string;
}

export function servicePorts({ spec }: KubeObject): readonly ServicePort[] {
  const ports = isRecord(spec) && Array.isArray(spec.ports) ? spec.ports : [];
  return ports
    .filter(isRecord)
    .flatMap(({ port, name }) => (typeof port === 'number' ? [{ port, ...(typeof name === 'string' ? { name } : {}) }] : []));
}

/** Whether its name is that of its Pods, without an address of its own. */
export const isHeadless = ({ spec }: KubeObject): boolean => isRecord(spec) && spec.clusterIP === 'None';

/** Whether a Pod's condition `Ready` holds: only then does Kubernetes send it requests. */
export function isReadyPod({ status }: KubeObject): boolean {
  const conditions = isRecord(status) && Array.isArray(status.conditions) ? status.conditions : [];
  return conditions.some((one) => isRecord(one) && one.type === 'Ready' && one.status === 'True');
}
