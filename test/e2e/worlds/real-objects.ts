import { isRecord, type KubeObject, metaOf, type Scenario } from '@heddle/core';

/** A scenario's own namespace as a cluster takes it: without the Pods that controllers make, everything served by the echo image. */
export function onRealCluster(
  scenario: Scenario,
  home: string,
  here: { readonly namespace: string; readonly host: string; readonly image: string },
): readonly KubeObject[] {
  const { gateway } = scenario;
  const withHost = (object: KubeObject): KubeObject =>
    gateway === undefined ? object : JSON.parse(JSON.stringify(object).replaceAll(`"${gateway.host}"`, JSON.stringify(here.host)));
  return scenario.objects.flatMap((object): readonly KubeObject[] => {
    const { name, namespace, labels } = metaOf(object);
    if (object.kind === 'Namespace') return name === home ? [{ ...object, metadata: { name: here.namespace, labels } }] : [];
    if (namespace !== home || object.kind === 'Pod') return [];
    const { status: _, ...kept } = withHost(object);
    const moved: KubeObject = { ...kept, metadata: { name, labels, namespace: here.namespace } };
    if (object.kind === 'Service') return [withPort(moved)];
    return [object.kind === 'Deployment' ? echoing(moved, here.image) : moved];
  });
}

const withPort = (service: KubeObject): KubeObject => {
  const spec = isRecord(service.spec) ? service.spec : {};
  const ports = Array.isArray(spec.ports) ? spec.ports : [];
  return { ...service, spec: { ...spec, ports: ports.map((port) => ({ ...port, targetPort: 8080 })) } };
};

/** A Deployment whose one container is the echo image, named `client` so that it can be called from. */
function echoing(deployment: KubeObject, image: string): KubeObject {
  const { labels } = metaOf(deployment);
  const spec = isRecord(deployment.spec) ? deployment.spec : {};
  const env = [
    { name: 'SERVICE', value: labels.app ?? '' },
    { name: 'VERSION', value: labels.version ?? 'v1' },
  ];
  const container = { name: 'client', image, imagePullPolicy: 'IfNotPresent', env, ports: [{ containerPort: 8080 }] };
  return {
    ...deployment,
    spec: { ...spec, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } } },
  };
}
