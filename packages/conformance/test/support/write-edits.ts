import { type Cluster, metaOf, type ObjectEdit, refKey } from '@heddle/core';

/** A plan's edits, one after the other. What is edited for the second time is where the first edit left it. */
export async function writeEdits(cluster: Cluster, edits: readonly ObjectEdit[]): Promise<void> {
  const written = new Map<string, { readonly uid: string; readonly resourceVersion: string }>();
  for (const edit of edits) {
    if (edit.op === 'delete') {
      await cluster.delete(edit.ref, written.get(refKey(edit.ref)) ?? edit);
      continue;
    }
    const { body, ref } = edit;
    const metadata = { ...(body.metadata as object), ...written.get(refKey(ref)) };
    const stored = edit.op === 'create' ? await cluster.create(body) : await cluster.replace({ ...body, metadata });
    const { uid = '', resourceVersion = '' } = metaOf(stored);
    written.set(refKey(ref), { uid, resourceVersion });
  }
}
