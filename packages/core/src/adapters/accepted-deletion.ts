import type { Acceptance } from '../contracts/mesh-adapter.js';
import { isRecord, metaOf } from '../model/object.js';

/** `accepted` for a deletion: whether the object with that uid is gone. */
export function acceptedDeletion(uid: string, live: unknown): Acceptance {
  if (!isRecord(live)) return { state: 'accepted' };
  const meta = metaOf(live);
  if (meta.uid !== uid) return { state: 'accepted', message: 'another object of that name has been created since' };
  return { state: 'pending', message: meta.deletionTimestamp === undefined ? 'it is still there' : 'it is being deleted' };
}
