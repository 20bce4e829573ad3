import { type KubeObject, type Responder, type Scenario, serviceObject, workloadObjects } from '@heddle/core';
import { ingressLabels } from './control-plane.js';

export const NETWORKING = 'networking.istio.io/v1';

/** A Service with one HTTP port, and its versions' workloads behind it. */
export function application(namespace: string, name: string, port: number, versions: readonly string[]): readonly KubeObject[] {
  return [
    ...versions.flatMap((version) =>
      workloadObjects({
        namespace,
        name: `${name}-${version}`,
        labels: { app: name, version },
        container: { name, image: `example/${name}:${version}`, ports: [{ name: 'http', containerPort: port }] },
      }),
    ),
    serviceObject(namespace, name, { app: name }, [{ name: 'http', port, targetPort: port }]),
  ];
}

/** A DestinationRule that gives each version's pods the version's name. */
export function subsets(namespace: string, host: string, versions: readonly string[]): KubeObject {
  return {
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    metadata: { namespace, name: host },
    spec: { host, subsets: versions.map((version) => ({ name: version, labels: { version } })) },
  };
}

/** What the pods of `application` answer; `calls`: whom some versions ask first. */
export const answers = (
  name: string,
  versions: readonly string[],
  calls: Readonly<Record<string, Responder['calls']>> = {},
): Scenario['responders'] =>
  versions.map((version) => ({
    labels: { app: name, version },
    body: `${JSON.stringify({ service: name, version })}\n`,
    ...(calls[version] === undefined ? {} : { calls: calls[version] }),
  }));

export const systemAnswers: Scenario['responders'] = [
  { labels: ingressLabels, body: 'the gateway\n' },
  { labels: { app: 'istiod' }, body: 'the control plane\n' },
];
