import {
  type Change,
  describeService,
  type KubeObject,
  type MeshEnvironment,
  metaOf,
  type ObjectEdit,
  ownerKey,
  type Planned,
} from '@heddle/core';
import { isOf } from './arrange.js';
import { editTo } from './edits.js';
import { isEmptied, ownName } from './own-object.js';
import { removeSubsets } from './own-subsets.js';
import { httpOf } from './virtual-service.js';

/**
 * Takes an owner's rules out of every object given. Never refuses: clean-up must work without the service, the record, or an object that
 * can be decoded. An object of ours that holds nothing else goes too, also when somebody has taken the rules out of it by hand.
 */
export function removeRules(
  change: Change,
  objects: readonly KubeObject[],
  destinationRules: readonly KubeObject[],
  env: MeshEnvironment,
): Planned<readonly ObjectEdit[]> {
  const why = `removes the rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
  const edits = objects
    .filter((object) => httpOf(object).some((rule) => isOf(rule, change.owner)) || isLeftOver(object, change))
    .flatMap((object) =>
      editTo(
        object,
        httpOf(object).filter((rule) => !isOf(rule, change.owner)),
        why,
        env,
      ),
    );
  return { ok: [...edits, ...removeSubsets(change, destinationRules, env)], notes: [] };
}

function isLeftOver(object: KubeObject, { services }: Change): boolean {
  const { name, namespace } = metaOf(object);
  return services.some((service) => ownName(service.name) === name && service.namespace === namespace) && isEmptied(object, httpOf(object));
}
