import type { Cluster } from '../contracts/cluster.js';
import type { ObjectEdit } from '../model/change.js';
import { describeRef, type ObjectRef } from '../model/object.js';
import { lostFields } from './lost-fields.js';
import { fieldsLost } from './refusals.js';
import { cannotRehearse, isOvertaken, writeEdit } from './write-edit.js';

/**
 * Asks the server, by dry run, what it would make of all edits before the first is written: nothing of it is stored.
 * `overtaken`: an object is not the one that was planned with. Throws `UserError` `fields-lost` when a schema or webhook would remove
 * or change what was written, of ours or of others, and what `writeEdit` throws when one refuses the object.
 */
export async function rehearse(
  cluster: Cluster,
  edits: readonly ObjectEdit[],
  options: { readonly signal?: AbortSignal; onProgress?(message: string): void } = {},
): Promise<{ readonly overtaken: ObjectRef } | { readonly ok: true }> {
  for (const edit of edits) {
    options.signal?.throwIfAborted();
    // A deletion loses nothing that is to stay, and its preconditions are checked when it is made.
    if (edit.op === 'delete') continue;
    try {
      const result = await writeEdit(cluster, edit, { dryRun: true });
      const lost = result === undefined ? [] : lostFields(edit.body, result);
      if (lost.length > 0) throw fieldsLost(edit, lost, 'would');
    } catch (error) {
      if (isOvertaken(edit, error)) return { overtaken: edit.ref };
      if (!cannotRehearse(error)) throw error;
      options.onProgress?.(`${describeRef(edit.ref)}: a webhook does not support dry runs, so what it removes shows only afterwards`);
    }
  }
  return { ok: true };
}
