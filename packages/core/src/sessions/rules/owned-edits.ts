import type { ObjectEdit } from '../../model/change.js';
import { type KubeObject, metaOf } from '../../model/object.js';
import type { Owner } from '../../model/owner.js';
import { isManaged } from '../../plan/foreign-content.js';
import { ownedByLease } from '../shadow/shadow-objects.js';

/**
 * Objects that an owner's rules alone are in go with its Lease, even if no heddle ever runs again: those that edits create beside the Lease and
 * that its label names, `heddle.dev/session` or `heddle.dev/route`. One that may come to hold rules of several owners bears no such label.
 */
export function ownedEdits(edits: readonly ObjectEdit[], owner: Owner, leaseUid: string): readonly ObjectEdit[] {
  const { namespace, id } = owner;
  return edits.map((edit) =>
    edit.op === 'create' && isOwn(edit.body, owner) ? { ...edit, body: ownedByLease(edit.body, { namespace, id, uid: leaseUid }) } : edit,
  );
}

function isOwn(object: KubeObject, owner: Owner): boolean {
  const { namespace, labels } = metaOf(object);
  return isManaged(object) && namespace === owner.namespace && labels[`heddle.dev/${owner.kind}`] === owner.id;
}
