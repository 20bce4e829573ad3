import { isRecord, type KubeObject } from '@heddle/core';
import { NAMESPACE, type World } from './world.js';

export type Rule = Readonly<Record<string, unknown>>;

const tomcat = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: NAMESPACE, name: 'tomcat' };

export const isOurs = (rule: Rule) => String(rule.name).startsWith('heddle/');

/** The rules of the user's VirtualService as they stand. */
export async function rulesOf(world: World): Promise<readonly Rule[]> {
  const object = await world.sandbox.cluster('looking').get(tomcat);
  return isRecord(object?.spec) && Array.isArray(object.spec.http) ? object.spec.http : [];
}

/** What a colleague does to the VirtualService with kubectl edit, or a controller. */
export async function editRules(
  world: World,
  change: (rules: readonly Rule[]) => readonly Rule[],
  manager = 'kubectl-edit',
): Promise<void> {
  const cluster = world.sandbox.cluster('colleague');
  const object = (await cluster.get(tomcat)) ?? {};
  const spec = isRecord(object.spec) ? object.spec : {};
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const managedFields = [{ manager, operation: 'Update', time: new Date(world.clock.now()).toISOString() }];
  const edited: KubeObject = { ...object, metadata: { ...metadata, managedFields }, spec: { ...spec, http: change(await rulesOf(world)) } };
  await cluster.replace(edited);
}

export const withTimeout = (all: readonly Rule[], timeout: string) => all.map((rule) => (isOurs(rule) ? rule : { ...rule, timeout }));
