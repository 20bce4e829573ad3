import { isRecord, metaOf, type Scenario } from '@heddle/core';

/** The injection webhook: a proxy for every pod of a namespace that asks for it, unless the pod says no. */
export const admit: Scenario['admit'] = (pod, namespace) => {
  const own = metaOf(pod).labels['sidecar.istio.io/inject'];
  const home = metaOf(namespace).labels['istio-injection'];
  if (own === 'false' || (home !== 'enabled' && own !== 'true')) return { pod };
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const containers = Array.isArray(spec.initContainers) ? spec.initContainers : [];
  const proxy = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.31.1', restartPolicy: 'Always' };
  return { pod: { ...pod, spec: { ...spec, initContainers: [proxy, ...containers] } } };
};
