import type { KubeObject, Labels } from '@heddle/core';

/** A Deployment and the pod that its controllers would have made: the sandbox runs pods and no controllers. */
export function workload(options: {
  namespace: string;
  name: string;
  labels: Labels;
  container: KubeObject;
  podLabels?: Labels;
}): readonly KubeObject[] {
  const { namespace, name, labels, container, podLabels = {} } = options;
  const metadata = { namespace, labels };
  const template = { metadata: { labels: { ...labels, ...podLabels } }, spec: { containers: [container] } };
  const counts = { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1, observedGeneration: 1 };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
      status: counts,
    },
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, namespace, name: `${name}-6c9d5f7b84-q4z9m` }, spec: template.spec },
  ];
}

export function service(namespace: string, name: string, selector: Labels, ports: readonly KubeObject[]): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name, labels: selector }, spec: { selector, ports } };
}

export function namespace(name: string, labels: Labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
