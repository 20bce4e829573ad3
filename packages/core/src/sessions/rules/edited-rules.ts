import { foreignEdits } from '../../apply/index.js';
import type { MeshAdapter } from '../../contracts/mesh-adapter.js';
import type { Refusal } from '../../model/change.js';
import { describeRef, isRecord, type KubeObject, refKey, refOf } from '../../model/object.js';
import type { Observed } from '../../model/observed.js';
import { type Owner, sameOwner } from '../../model/owner.js';
import type { RecordedRule } from '../lease/record.js';

/** The rules of ours that this process has read back, by hash: so that a message can show both versions. */
export type RuleMemory = Map<string, unknown>;

export function remember(memory: RuleMemory, adapter: MeshAdapter, owner: Owner, stored: KubeObject): readonly RecordedRule[] {
  return adapter
    .owned(stored)
    .filter((rule) => sameOwner(rule.owner, owner))
    .map((rule) => {
      memory.set(rule.hash, atPointer(stored, rule.pointer));
      return { ref: rule.ref, hash: rule.hash };
    });
}

/**
 * Rules with our owner's marker whose content is not what was read back after our last write: somebody edited them, so they are not ours to
 * rewrite or remove. An object for which nothing is recorded yet holds no such rule: there the marker alone counts.
 */
export function editedRules(
  adapter: MeshAdapter,
  owner: Owner,
  seen: Observed,
  recorded: readonly RecordedRule[],
  memory: RuleMemory,
): readonly Refusal[] {
  const objects = [...allObjects(seen)];
  const owned = new Map(
    objects
      .flatMap((object) => adapter.owned(object).filter((rule) => sameOwner(rule.owner, owner)))
      .map((rule) => [`${refKey(rule.ref)}${rule.pointer}`, rule]),
  );
  return foreignEdits(recorded, [...owned.values()]).edited.map(({ found, recorded: gone }) => {
    const name = describeRef(found.ref);
    const now = atPointer(
      objects.find((object) => refKey(refOf(object)) === refKey(found.ref)),
      found.pointer,
    );
    const written = gone.flatMap(({ hash }) => (memory.has(hash) ? [JSON.stringify(memory.get(hash))] : []));
    return {
      code: 'rule-edited',
      message:
        `Somebody edited this ${owner.kind === 'session' ? "session's" : "standing route's"} rule at ${found.pointer} of ${name}; it is now ${JSON.stringify(now)}, ` +
        (written.length === 0
          ? `with hash ${found.hash}, while the record says ${gone.map(({ hash }) => hash).join(' or ') || 'there is none'}`
          : `heddle had written ${written.join(' and ')}`),
      instead: `Take the rule out of ${name} by hand, then run ${owner.kind === 'session' ? 'heddle clean' : 'the command again'}`,
      ref: found.ref,
    };
  });
}

/** The value at an RFC 6901 JSON pointer; `undefined` where there is none. */
function atPointer(value: unknown, pointer: string): unknown {
  let here: unknown = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(here)) here = here[Number(key)];
    else if (isRecord(here)) here = here[key];
    else return undefined;
  }
  return here;
}

function* allObjects(seen: Observed): Iterable<KubeObject> {
  for (const observation of seen.values()) if ('objects' in observation) yield* observation.objects;
}
