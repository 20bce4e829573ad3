import { createClusterRig, type StoreOptions } from '@heddle/sandbox';
import {
  type Applied,
  type ApplyOptions,
  applyPlan,
  type Change,
  type KubeObject,
  type Match,
  type MeshAdapter,
  type MeshContext,
  type Plan,
  type PlanOptions,
  planChange,
} from '../src/index.js';
import { listEnv, listMesh } from './list-mesh.js';
import { GROUP, KIND, serviceAndPod, VERSION } from './list-mesh-object.js';

export function createRig(objects: readonly KubeObject[], options: StoreOptions = {}) {
  const kinds = [{ group: GROUP, kind: KIND, plural: 'listroutes', singular: 'listroute', namespaced: true, versions: ['v1'] }];
  const rig = createClusterRig({ ...options, kinds, objects: [...serviceAndPod('tomcat'), ...objects] });
  const context = (adapter: MeshAdapter = listMesh, client = 'test'): MeshContext => ({
    cluster: rig.cluster(client),
    adapter,
    env: listEnv,
  });
  return { ...rig, context };
}

export const alice: Match = { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] };
export const header = (name: string, value: string): Match => ({ headers: [{ name, is: { exact: value } }] });

/** A session's change: requests that match go to the Service `shadow-<id>`. */
export function sessionChange(id: string, match: Match = alice, service = 'tomcat'): Change {
  return {
    owner: { kind: 'session', namespace: 'shop', id },
    services: [{ namespace: 'shop', name: service, port: 8080 }],
    views: 'all',
    versions: [{ id: 'shadow', realise: 'service', service: { namespace: 'shop', name: `shadow-${id}` } }],
    intents: [{ match: [match], to: [{ version: 'shadow', weight: 100 }] }],
  };
}

export const removal = (change: Change): Change => ({ ...change, intents: [] });

/** The plan of a change that must not be refused. */
export async function planOf(mesh: MeshContext, change: Change, options: PlanOptions = {}): Promise<Plan> {
  const planning = await planChange(mesh, change, options);
  if ('refused' in planning) throw new Error(planning.refused.map(({ message }) => message).join('\n'));
  return planning.plan;
}

/** Plans and applies. */
export async function write(mesh: MeshContext, change: Change, options: Partial<ApplyOptions> = {}): Promise<Applied> {
  return applyPlan(mesh, await planOf(mesh, change), { replan: () => planChange(mesh, change), ...options });
}

export async function listOf(mesh: MeshContext, name: string): Promise<KubeObject> {
  const found = await mesh.cluster.get({ apiVersion: VERSION, kind: KIND, namespace: 'shop', name });
  if (found === undefined) throw new Error(`no ListRoute ${name}`);
  return found;
}

/** What a colleague does with kubectl: one change, by whoever is named. */
export async function edit(
  mesh: MeshContext,
  name: string,
  change: (object: KubeObject) => KubeObject,
  manager = 'kubectl-edit',
): Promise<void> {
  const object = change(await listOf(mesh, name));
  const managedFields = [
    { manager: 'earlier', operation: 'Update', time: '2026-01-01T00:00:00Z' },
    { manager, operation: 'Update', time: '2026-01-02T00:00:00Z' },
  ];
  await mesh.cluster.replace({ ...object, metadata: { ...(object.metadata as object), managedFields } });
}
