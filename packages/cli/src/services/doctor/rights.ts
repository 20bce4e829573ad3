import { type AccessCheck, decodeTarget, type MeshAdapter, ownAccess, readAccess, type ServiceRef } from '@heddle/core';
import type { Connection } from '../connections.js';
import { servicePorts } from '../kube-service.js';
import type { MeshChoice } from '../mesh-choice.js';
import { type Finding, failed, ok, warning } from './check.js';

/**
 * What a session asks for: its own objects, what the adapter reads for the service (or, without one, for any of the namespace), and the
 * mesh's objects that it may have to change.
 */
export async function checkRights(
  { cluster, namespace }: Connection,
  { adapter, env, title }: MeshChoice,
  service: string | undefined,
): Promise<Finding> {
  const target = { services: await servicesMeant(cluster, namespace, service) };
  const own = await missingOf(cluster, ownAccess(namespace));
  const changing = await missingOf(cluster, meshRights(adapter, namespace));
  const { seen, decoded } = await decodeTarget({ cluster, adapter, env }, target);
  const reading = await missingOf(cluster, readAccess(adapter, seen));
  // What its rules cannot be read without, a plan refuses to guess.
  const blind = decoded.gaps.some(({ feature }) => feature === 'unread');
  const texts = [...own, ...changing, ...reading];
  if (texts.length === 0) return ok(`all that a session needs in ${namespace}`);
  const because = [
    ...(blind ? ['which rule counts depends on objects of all namespaces, so nothing can be planned'] : []),
    ...(changing.length > 0 ? [`a session that must change such an object of ${title} is refused`] : []),
  ];
  return (own.length > 0 || blind ? failed : warning)(
    `missing: ${[...new Set(texts)].join('; ')}${because.map((text) => `; ${text}`).join('')}`,
    [
      ...(own.length > 0 ? ['Ask for the built-in role edit in the namespace.'] : []),
      ...(reading.length > 0 ? ['Ask for the right to list and watch these: the guide has a ClusterRole, under Rights.'] : []),
      ...(changing.length > 0
        ? ['Ask for a role that names these objects of the mesh.', 'See whether it matters: heddle doctor SERVICE --expose PORT']
        : []),
    ],
  );
}

/** `list/watch pods, services in all namespaces`, one text per place and set of verbs. */
async function missingOf(cluster: Connection['cluster'], rights: readonly AccessCheck[]): Promise<readonly string[]> {
  const { checks } = await cluster.can(rights);
  const byResource = Map.groupBy(
    checks.filter(({ allowed }) => !allowed),
    ({ group, resource, subresource, namespace = '' }) =>
      `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`} ${namespace}`,
  );
  const missing = [...byResource].map(([key, denied]) => {
    const [name = '', namespace = ''] = key.split(' ');
    return { name, verbs: denied.map(({ verb }) => verb).join('/'), place: namespace === '' ? 'in all namespaces' : `in ${namespace}` };
  });
  return [...Map.groupBy(missing, ({ verbs, place }) => `${verbs} ${place}`).values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined ? [] : [`${first.verbs} ${alike.map(({ name }) => name).join(', ')} ${first.place}`];
  });
}

/** Any Service of the namespace is asked about like one that is not there. */
async function servicesMeant(cluster: Connection['cluster'], namespace: string, name = ''): Promise<readonly ServiceRef[]> {
  const found = name === '' ? undefined : await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name }).catch(() => undefined);
  const ports = found === undefined ? [] : servicePorts(found);
  return (ports.length === 0 ? [{ port: 0 }] : ports).map(({ port }) => ({ namespace, name, port }));
}

/** What a session may need for the mesh's objects; which of these, only its plan knows. */
function meshRights(adapter: MeshAdapter, namespace: string): readonly AccessCheck[] {
  return adapter.kinds.flatMap(({ group, plural, namespaced, verbs }) =>
    ['create', 'update', 'delete']
      .filter((verb) => verbs.some((each) => each === verb))
      .map((verb) => ({ group, resource: plural, verb, ...(namespaced ? { namespace } : {}) })),
  );
}
