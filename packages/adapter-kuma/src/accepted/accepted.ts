import {
  type Acceptance,
  acceptedDeletion,
  contentHash,
  isRecord,
  type KubeObject,
  type MeshEnvironment,
  type ObjectEdit,
} from '@heddle/core';
import { record, records } from '../decode/raw.js';

/**
 * Whether an edit stands in the cluster as it was written. Neither kind has a status (kuma CRDs, 2.14), and nothing says that proxies have
 * the rules, so that is all that can be told. Should a mesh say of an object that it does not accept it, that counts.
 */
export function accepted(edit: ObjectEdit, live: unknown, _env: MeshEnvironment): Acceptance {
  if (edit.op === 'delete') return acceptedDeletion(edit.uid, live);
  if (!isRecord(live)) return { state: 'rejected', message: 'it is not there any more' };
  const [refusing] = records(record(live.status).conditions).filter(({ type, status }) => type === 'Accepted' && status === 'False');
  if (refusing !== undefined)
    return { state: 'rejected', message: String(refusing.message ?? refusing.reason ?? 'the mesh did not accept it') };
  const lost = missing(record(edit.body.spec), record(live.spec), 'spec');
  if (lost.length === 0) return { state: 'accepted' };
  return { state: 'rejected', message: `the cluster did not keep ${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ', …' : ''}` };
}

/** What was written and is not stored: what the server or the mesh's webhook has filled in beside it does not count. */
function missing(written: unknown, stored: unknown, path: string): readonly string[] {
  if (contentHash(written) === contentHash(stored)) return [];
  if (Array.isArray(written) && Array.isArray(stored) && written.length === stored.length) {
    return written.flatMap((item, index) => missing(item, stored[index], `${path}/${index}`));
  }
  if (!isRecord(written) || !isRecord(stored)) return [path];
  return Object.keys(written).flatMap((key) => missing(written[key], (stored as KubeObject)[key], `${path}/${key}`));
}
