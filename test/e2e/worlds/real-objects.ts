import { isRecord, type KubeObject, metaOf, type Scenario } from '@heddle/core';
import { COUNTING_SERVER } from './counting-server.js';

export interface Here {
  readonly namespace: string;
  readonly host: string;
  /** Of the namespace, beside the scenario's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  /** The workload that writes a line for each request, and any image with Perl for it. */
  readonly counting: string;
  readonly countingImage: string;
}

/** A scenario's own namespace as a cluster takes it: without the Pods that controllers make, everything served by the echo image. */
export function onRealCluster(scenario: Scenario, home: string, here: Here): readonly KubeObject[] {
  const { gateway } = scenario;
  const withHost = (object: KubeObject): KubeObject =>
    gateway === undefined ? object : JSON.parse(JSON.stringify(object).replaceAll(`"${gateway.host}"`, JSON.stringify(here.host)));
  return scenario.objects.flatMap((object): readonly KubeObject[] => {
    const { name, namespace, labels } = metaOf(object);
    if (object.kind === 'Namespace')
      return name === home ? [{ ...object, metadata: { name: here.namespace, labels: { ...labels, ...here.labels } } }] : [];
    if (namespace !== home || object.kind === 'Pod') return [];
    const { status: _, ...kept } = withHost(object);
    const moved: KubeObject = { ...kept, metadata: { name, labels, namespace: here.namespace } };
    if (object.kind === 'Service') return [withPort(moved)];
    if (object.kind !== 'Deployment') return [moved];
    return [name === here.counting ? serving(moved, here.countingImage, ['perl', '-e', COUNTING_SERVER]) : serving(moved, here.image)];
  });
}

const withPort = (service: KubeObject): KubeObject => {
  const spec = isRecord(service.spec) ? service.spec : {};
  const ports = Array.isArray(spec.ports) ? spec.ports : [];
  return { ...service, spec: { ...spec, ports: ports.map((port) => ({ ...port, targetPort: 8080 })) } };
};

/** A Deployment of one container, named `client` so that it can be called from. */
function serving(deployment: KubeObject, image: string, command?: readonly string[]): KubeObject {
  const { labels } = metaOf(deployment);
  const spec = isRecord(deployment.spec) ? deployment.spec : {};
  const env = [
    { name: 'SERVICE', value: labels.app ?? '' },
    { name: 'VERSION', value: labels.version ?? 'v1' },
  ];
  const base = { name: 'client', image, imagePullPolicy: 'IfNotPresent', env, ports: [{ containerPort: 8080 }] };
  const container = command === undefined ? base : { ...base, command };
  return {
    ...deployment,
    spec: { ...spec, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } } },
  };
}
