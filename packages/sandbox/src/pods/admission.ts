import { type KubeObject, metaOf, type Scenario } from '@heddle/core';
import { digRecord } from '../dig.js';
import { badRequest, forbidden, type KindSpec, type Store } from '../store/index.js';
import { violations } from './pod-security.js';

/** What happens to a pod on its way into the store: the mesh's webhook, PodSecurity, the scheduler. */
export function admitPod(store: Store, scenario: Pick<Scenario, 'admit'>, kind: KindSpec, object: KubeObject): KubeObject {
  if (kind !== store.kinds.core('Pod')) return object;
  const { name, namespace = '' } = metaOf(object);
  const home = store.find(store.kinds.core('Namespace'), { name: namespace });
  const admitted = scenario.admit(object, home);
  if ('denied' in admitted) throw badRequest(`admission webhook "sandbox.heddle.dev" denied the request: ${admitted.denied}`);
  const { pod } = admitted;
  const why = metaOf(home).labels['pod-security.kubernetes.io/enforce'] === 'restricted' ? violations(pod) : undefined;
  if (why !== undefined) throw forbidden(kind, { namespace, name }, why);
  return { ...pod, spec: { ...digRecord(pod, 'spec'), nodeName: 'sandbox' } };
}
