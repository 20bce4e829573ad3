import { type AccessCheck, type Cluster, ClusterError, groupOf, type KubeObject, type ObjectRef, type ResourceKind } from '@heddle/core';
import type { CaseCluster, CaseClusterFactory, CaseRequest } from './case-cluster.js';
import { createObjectCluster } from './object-cluster.js';

type Hook = Parameters<CaseCluster['faults']['add']>[0];
type Denial = Parameters<CaseCluster['faults']['deny']>[0];
type Kind = Pick<ObjectRef, 'kind'> & { readonly group: string };

/**
 * The kit's own live cluster: objects with compare-and-swap, and faults between each client and them. `kinds`: for the plural names that
 * requests and rights are known by.
 */
export function faultClusters(kinds: readonly ResourceKind[]): CaseClusterFactory {
  const resourceOf = ({ group, kind }: Kind) =>
    kinds.find((one) => one.kind === kind && one.group === group)?.plural ?? `${kind.toLowerCase()}s`;
  return (objects) => createFaultCluster(objects, resourceOf);
}

function createFaultCluster(objects: readonly KubeObject[], resourceOf: (kind: Kind) => string): CaseCluster {
  const store = createObjectCluster(objects);
  const hooks = new Set<Hook>();
  const denials = new Set<Denial>();

  async function run<T>(client: string, verb: string, kind: Kind, work: () => Promise<T>, dryRun?: boolean): Promise<T> {
    const resource = resourceOf(kind);
    const request: CaseRequest = { client, verb, resource, dryRun };
    for (const hook of [...hooks]) await hook(request, 'before');
    if (denies({ group: kind.group, resource, verb }, client))
      throw new ClusterError({ reason: 'Forbidden', status: 403, message: `${client} cannot ${verb} ${resource}` });
    const result = await work();
    for (const hook of [...hooks]) await hook(request, 'after');
    return result;
  }
  const denies = (check: AccessCheck, client: string) => [...denials].some((denied) => denied(check, client));
  const of = (object: KubeObject | ObjectRef): Kind => ({ group: groupOf(String(object.apiVersion)), kind: String(object.kind) });
  const server: Kind = { group: '', kind: 'Version' };

  const cluster = (client: string): Cluster => ({
    ...store,
    name: client,
    discover: (queries) => run(client, 'get', server, () => store.discover(queries)),
    get: (ref) => run(client, 'get', of(ref), () => store.get(ref)),
    list: (query, options) => run(client, 'list', query, () => store.list(query, options)),
    create: (object, options) => run(client, 'create', of(object), () => store.create(object, options), options?.dryRun),
    replace: (object, options) => run(client, 'update', of(object), () => store.replace(object, options), options?.dryRun),
    delete: (ref, precondition, options) => run(client, 'delete', of(ref), () => store.delete(ref, precondition, options), options?.dryRun),
    serverTime: () => run(client, 'get', server, store.serverTime),
    can: async (checks) => ({ checks: checks.map((check) => ({ ...check, allowed: !denies(check, client) })) }),
  });
  const add = (hook: Hook) => {
    hooks.add(hook);
    return () => hooks.delete(hook);
  };
  const deny = (denied: Denial) => {
    denials.add(denied);
    return () => denials.delete(denied);
  };
  return { cluster, faults: { add, deny, crash: (client, k, phase = 'before') => crash(add, client, k, phase) } };
}

/** A client that dies at its k-th request: that one is not carried out, or its answer is lost, and no later one ever returns. */
function crash(add: CaseCluster['faults']['add'], client: string, k: number, phase: 'before' | 'after') {
  let seen = 0;
  let dead = false;
  let revive = () => {};
  const reached = new Promise<unknown>((reach) => {
    revive = add((request, now) => {
      if (request.client !== client) return undefined;
      if (now === 'before') seen += 1;
      if (!dead && (seen < k || now !== phase)) return undefined;
      dead = true;
      reach(request);
      return new Promise<void>(() => {});
    });
  });
  return { reached, revive: () => revive() };
}
