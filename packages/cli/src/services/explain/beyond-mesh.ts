import { type Cluster, isRecord, type KubeObject, metaOf, type Request, servicesNamed } from '@heddle/core';
import { isHeadless, isReadyPod, selectorOf, servicePorts } from '../kube-service.js';
import { runningPods } from './workloads.js';

/** The Service that a host is the name of, for a client of a namespace, and the Pods that it leads to without a mesh. */
export interface PlainService {
  readonly name: string;
  /** The ready ones. */
  readonly pods: readonly KubeObject[];
  /** Of a headless Service, whose name is that of its Pods: their port that is called. */
  readonly port?: number;
}

/** Where Kubernetes alone sends a client that has no proxy: to any ready Pod of the Service; `undefined` for other hosts and ports, and Services without a selector. */
export async function withoutMesh(
  cluster: Cluster,
  services: readonly KubeObject[],
  namespace: string,
  { host, port }: Request,
): Promise<PlainService | undefined> {
  const named = services.map((object) => ({ ...nameOf(object), object }));
  const meant = servicesNamed(named, host.toLowerCase().replace(/\.$/, ''));
  const service = host.includes('.') ? meant[0] : meant.find((one) => one.namespace === namespace);
  if (service === undefined) return undefined;
  const headless = isHeadless(service.object);
  const selector = selectorOf(service.object);
  // Whoever writes the endpoints, or the name that it stands for, says where it leads.
  if (Object.keys(selector).length === 0 || (!headless && !servicePorts(service.object).some((one) => one.port === port))) return undefined;
  const pods = (await runningPods(cluster, service.namespace, selector)).filter(isReadyPod);
  return { name: `${service.namespace}/${service.name}`, pods, ...(headless ? { port } : {}) };
}

function nameOf(object: KubeObject) {
  const { namespace = 'default', name } = metaOf(object);
  const { spec } = object;
  const addresses = isRecord(spec) && typeof spec.clusterIP === 'string' ? [spec.clusterIP] : [];
  return { namespace, name, host: `${name}.${namespace}.svc.cluster.local`, addresses };
}
