import { type KubeObject, type MeshAdapter, type MeshEnvironment, refOf } from '@heddle/core';
import type { Golden } from './golden.js';

type Validator = Pick<MeshAdapter, 'validate'>;

/** A case as the cluster has it: without the objects that the adapter says are refused. */
export function withoutRefused(golden: Golden, adapter: Validator, env: MeshEnvironment): Golden {
  const refused = new Set(refusedOf(golden, adapter, env));
  return refused.size === 0 ? golden : { ...golden, objects: golden.objects.filter((object) => !refused.has(object)) };
}

/** The names of those objects, written and sorted as the case's own list is: to compare with `rejected`. */
export function refusedObjects(golden: Golden, adapter: Validator, env: MeshEnvironment): readonly string[] {
  return refusedOf(golden, adapter, env)
    .map((object) => {
      const [whole = '', short = ''] = namesOf(object);
      return golden.rejected.includes(short) ? short : whole;
    })
    .sort();
}

const refusedOf = ({ objects }: Golden, adapter: Validator, env: MeshEnvironment): readonly KubeObject[] =>
  objects.filter((object) => (adapter.validate?.(object, env) ?? []).length > 0);

function namesOf(object: KubeObject): readonly string[] {
  const { kind, namespace, name } = refOf(object);
  return [`${kind} ${namespace ?? ''}/${name}`, `${kind} ${name}`];
}
