import { clusterReason, isRecord, type KubeObject, MANAGED_BY, metaOf } from '@heddle/core';
import type { Connection } from '../connections.js';
import type { MeshChoice } from '../mesh-choice.js';
import type { SessionsService } from '../sessions.js';
import type { ListedRoute, RouteListDocument } from '../standing-route/list-document.js';
import { type Finding, failed, ok, skipped, warning } from './check.js';

export async function checkNamespace({ cluster, namespace }: Connection): Promise<Finding> {
  try {
    const found = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (found !== undefined) return ok(`${namespace} exists`);
    return failed(`there is no namespace ${namespace}`, ['Choose another: -n NAME']);
  } catch (error) {
    if (clusterReason(error) === 'Forbidden') return skipped('you may not read namespaces');
    throw error;
  }
}

export async function checkInjection({ cluster, namespace }: Connection, { adapter, title }: MeshChoice): Promise<Finding> {
  const pods = (await cluster.list({ group: '', kind: 'Pod', namespace })).filter(isCaller);
  if (pods.length === 0) return skipped(`no pods run in ${namespace}`);
  const meshed = pods.filter((pod) => adapter.inMesh(pod)).length;
  const count = `${meshed} of ${pods.length} pods in ${namespace} have the proxy of ${title}`;
  if (meshed === pods.length) return ok(count);
  return warning(`${count}: the calls of the others are not routed`, [
    'Have the mesh inject its proxy into the namespace, and restart the pods.',
  ]);
}

/** Pods that have ended call nobody, and those of heddle are not the user's. */
function isCaller(pod: KubeObject): boolean {
  const phase = isRecord(pod.status) ? pod.status.phase : undefined;
  return metaOf(pod).labels[MANAGED_BY] !== 'heddle' && phase !== 'Succeeded' && phase !== 'Failed';
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';

export async function checkPodSecurity({ cluster, namespace }: Connection, { adapter }: MeshChoice): Promise<Finding> {
  let level: string | undefined;
  try {
    level = metaOf(await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace })).labels[ENFORCE];
  } catch (error) {
    if (clusterReason(error) === 'Forbidden') return skipped('you may not read namespaces');
    throw error;
  }
  if (level === undefined || level === 'privileged') return ok(`${namespace} enforces ${level ?? 'no level'}`);
  // The shadow's own container passes `restricted`; what the mesh adds to the pod may not.
  const pods = (await cluster.list({ group: '', kind: 'Pod', namespace })).filter(isCaller);
  if (pods.some((pod) => adapter.inMesh(pod))) return ok(`${namespace} enforces ${level}, and pods with the mesh's proxy run there`);
  return warning(`${namespace} enforces ${level}: the shadow passes, but the init container that a mesh may add to it can be refused`, [
    "Install the mesh's CNI plugin, with which that container is not needed.",
    'Run heddle mesh with --no-sidecar; the proof then reads “written”.',
    'See for sure: heddle doctor SERVICE --expose PORT',
  ]);
}

export async function checkSessions(connection: Connection, service: Pick<SessionsService, 'summaries' | 'orphans'>): Promise<Finding> {
  const { cluster, namespace, flags } = connection;
  const sessions = await service.summaries(cluster, { namespace });
  const orphans = await service.orphans(connection, { namespace });
  if (orphans.length > 0) {
    return warning(`rules or shadows without a record stand in ${namespace} (${orphans.join(', ')}); requests that match them may fail`, [
      `Clean up: heddle clean -n ${namespace}${flags}`,
    ]);
  }
  const running = sessions.filter(({ kind }) => kind === 'session').length;
  const dead = sessions.filter(({ abandoned, expired }) => abandoned || expired);
  const [first] = dead;
  if (first === undefined) return ok(`${running === 0 ? 'none' : running} running in ${namespace}`);
  return warning(`${dead.length} of ${sessions.length} in ${namespace} are dead (${dead.map(({ id }) => id).join(', ')})`, [
    `Clean up: heddle clean -n ${namespace}${flags}`,
  ]);
}

/** Routes that others have changed, or the rules that they copied, whose last change did not come to its end, or whose record cannot be read. */
export function checkRoutes({ namespace, flags }: Connection, { routes, unreadable }: RouteListDocument): Finding {
  const [unread] = unreadable;
  if (unread !== undefined) return warning(`the record ${unread.id} in ${namespace} cannot be read: ${unread.problem}`);
  const named = (state: ListedRoute['state']) =>
    Object.entries(
      Object.groupBy(
        routes.filter((route) => route.state === state),
        ({ service }) => service,
      ),
    ).map(([service, of = []]) => `${of.map(({ name }) => name).join(', ')} of ${service}`);
  const [unfinished, edited, missing] = [named('unfinished'), named('edited'), named('missing')];
  const [stale, outdated, partial] = [named('stale'), named('outdated'), named('partial')];
  const refresh = (state: ListedRoute['state']) =>
    [...new Set(routes.filter((route) => route.state === state).map(({ service }) => service))].map(
      (service) => `heddle route refresh ${service} -n ${namespace}${flags}`,
    );
  if (unfinished.length > 0) {
    return warning(`a change is unfinished: ${unfinished.join('; ')}`, [`Bring it to its end: heddle clean -n ${namespace}${flags}`]);
  }
  if (edited.length > 0) {
    return warning(`rules were edited by hand: ${edited.join('; ')}`, [
      `See which, and what to do: heddle route list -n ${namespace}${flags}`,
    ]);
  }
  if (missing.length > 0) {
    return warning(
      `rules are gone: ${missing.join('; ')}`,
      refresh('missing').map((command) => `Write them anew: ${command}`),
    );
  }
  if (stale.length > 0) {
    return warning(
      `copied from a table that changed: ${stale.join('; ')}`,
      refresh('stale').map((command) => `Take the changes over: ${command}`),
    );
  }
  if (outdated.length > 0) {
    return warning(
      `they would be written otherwise now: ${outdated.join('; ')}`,
      refresh('outdated').map((command) => `Write them anew: ${command}`),
    );
  }
  if (partial.length > 0) {
    return warning(
      `not for ports that have come since: ${partial.join('; ')}`,
      refresh('partial').map((command) => `Take them in: ${command}`),
    );
  }
  return ok(`${routes.length === 0 ? 'none' : routes.length} in ${namespace}`);
}
