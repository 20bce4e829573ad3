import { groupOf, type MeshAdapter, metaOf, type Scenario } from '@heddle/core';
import { SHOP } from '../cases/parse-case.js';
import type { Stage } from './stage.js';

/**
 * A world as a scenario of the sandbox, where the same adapter decides about real requests: pods answer with their names, and calls
 * come from the stage's client. What the mesh's injection adds is in the objects already.
 */
export function scenarioOf(stage: Stage, world: string, adapter: Pick<MeshAdapter, 'kinds'>): Scenario {
  const objects = [...stage.objects, ...(stage.worlds.get(world)?.objects ?? [])];
  const { client } = stage;
  const { namespace, labels } = client.kind === 'none' ? { namespace: SHOP.namespace, labels: {} } : client;
  // The kinds of the API server itself are there anyway.
  const kinds = adapter.kinds.filter(({ group }) => group.includes('.') && !group.endsWith('k8s.io') && group !== 'apps');
  const own = objects.map((object) => ({ group: groupOf(String(object.apiVersion)), kind: String(object.kind) }));
  const served = adapter.kinds.filter(({ group, kind }) => own.some((one) => one.group === group && one.kind === kind && group !== ''));
  return {
    id: `world.${world}`,
    title: `The world ${world} of the conformance kit, ${stage.title}`,
    objects,
    kinds: [...new Set([...kinds, ...served])].map(({ group, kind, plural, namespaced, versions }) => ({
      group,
      kind,
      plural,
      singular: kind.toLowerCase(),
      namespaced,
      versions,
    })),
    admit: (pod) => ({ pod }),
    responders: objects.filter(({ kind }) => kind === 'Pod').map((pod) => ({ labels: metaOf(pod).labels, body: metaOf(pod).name })),
    client: { namespace, labels, host: `${SHOP.service}.${SHOP.namespace}.svc.cluster.local`, port: SHOP.port },
  };
}
