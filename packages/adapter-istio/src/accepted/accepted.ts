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
import { parseRuleName } from '../owned/rule-name.js';

/**
 * Whether an edit stands in the cluster as it was written. Istio acknowledges nothing, so that is all that can be told; a schema of an
 * older version drops fields that it does not know, which only reading back shows (mesh-semantics §7, case 12).
 */
export function accepted(edit: ObjectEdit, live: unknown, _env: MeshEnvironment): Acceptance {
  if (edit.op === 'delete') return acceptedDeletion(edit.uid, live);
  if (!isRecord(live)) return { state: 'rejected', message: 'it is not there any more' };
  if (contentHash(live.spec) === contentHash(edit.body.spec)) return { state: 'accepted' };
  const lost = missing(edit.body, live);
  if (lost.length === 0) return { state: 'accepted', message: 'somebody else has changed other parts of it since' };
  return { state: 'rejected', message: `the cluster did not keep ${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ', …' : ''}` };
}

/** What of our rules, or of an object that we made, is gone or different: paths, outermost first. */
function missing(written: KubeObject, live: KubeObject): readonly string[] {
  const stored = records(record(live.spec).http);
  return records(record(written.spec).http).flatMap((rule) => {
    if (parseRuleName(rule.name) === undefined) return [];
    const same = stored.find((one) => one.name === rule.name);
    return same === undefined ? [`rule ${String(rule.name)}`] : differences(rule, same, String(rule.name));
  });
}

function differences(written: unknown, stored: unknown, path: string): readonly string[] {
  if (contentHash(written) === contentHash(stored)) return [];
  if (Array.isArray(written) && Array.isArray(stored) && written.length === stored.length) {
    return written.flatMap((item, index) => differences(item, stored[index], `${path}/${index}`));
  }
  if (!isRecord(written) || !isRecord(stored)) return [path];
  const inner = Object.keys(written).flatMap((key) => differences(written[key], stored[key], `${path}/${key}`));
  const added = Object.keys(stored).filter((key) => !(key in written));
  return [...inner, ...added.map((key) => `${path}/${key} (added)`)];
}
