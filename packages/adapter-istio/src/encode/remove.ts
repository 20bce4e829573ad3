import { type Change, describeService, type KubeObject, type MeshEnvironment, type ObjectEdit, ownerKey, type Planned } from '@heddle/core';
import { isOf } from './arrange.js';
import { editTo } from './edits.js';
import { httpOf } from './virtual-service.js';

/**
 * Takes an owner's rules out of every object given. Never refuses: clean-up must work without the service, the record, or an object that
 * can be decoded. An object of ours that held nothing else goes too.
 */
export function removeRules(change: Change, objects: readonly KubeObject[], env: MeshEnvironment): Planned<readonly ObjectEdit[]> {
  const why = `removes the rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
  const edits = objects
    .filter((object) => httpOf(object).some((rule) => isOf(rule, change.owner)))
    .flatMap((object) =>
      editTo(
        object,
        httpOf(object).filter((rule) => !isOf(rule, change.owner)),
        why,
        env,
      ),
    );
  return { ok: edits, notes: [] };
}
