import type { Cluster } from '../contracts/cluster.js';
import { UserError } from '../errors/user-error.js';
import { type KubeObject, metaOf } from '../model/object.js';

/** Throws `unknown-service`, naming those that there are. */
export async function readService(cluster: Cluster, { namespace, name }: { namespace: string; name: string }): Promise<KubeObject> {
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  if (service !== undefined) return service;
  const others = (await cluster.list({ group: '', kind: 'Service', namespace })).map((object) => metaOf(object).name);
  throw new UserError({
    code: 'unknown-service',
    exit: 'usage',
    message: `There is no Service ${name} in namespace ${namespace} of ${cluster.name}`,
    next: [
      others.length === 0
        ? `Namespace ${namespace} has no Services: name another one with -n`
        : `Services there: ${others.slice(0, 10).join(', ')}`,
    ],
  });
}
