import type { KubeObject, Labels } from '../model/object.js';

/** Objects that scenarios of the sandbox begin with. */
export function namespaceObject(name: string, labels: Labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function serviceObject(namespace: string, name: string, selector: Labels, ports: readonly KubeObject[]): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name, labels: selector }, spec: { selector, ports } };
}

/**
 * A Deployment and the Pod that its controllers would have made: the sandbox runs pods and no controllers. `podLabels` are beside `labels`, which the
 * Deployment selects by.
 */
export function workloadObjects(workload: {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly container: KubeObject;
  readonly podLabels?: Labels;
}): readonly KubeObject[] {
  const { namespace, name, labels, container, podLabels = {} } = workload;
  const template = { metadata: { labels: { ...labels, ...podLabels } }, spec: { containers: [container] } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name, labels },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1, observedGeneration: 1 },
    },
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, namespace, name: `${name}-5d8f7c9b6c-x7k2p` }, spec: template.spec },
  ];
}
