import { foreignEdits } from '../../apply/index.js';
import type { MeshAdapter } from '../../contracts/mesh-adapter.js';
import type { Refusal } from '../../model/change.js';
import { describeRef, isRecord, type KubeObject, refKey, refOf } from '../../model/object.js';
import type { Observed } from '../../model/observed.js';
import { type Owner, sameOwner } from '../../model/owner.js';
import { canonicalJson } from '../../plan/content-hash.js';
import type { RecordedRule } from '../lease/record.js';

/** The rules of ours that this process has read back, by hash: so that a message can show what differs. */
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
 * rewrite or remove. An object for which nothing is recorded yet holds no such rule: there the marker alone counts. One refusal for each rule.
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
  const { edited } = foreignEdits(recorded, [...owned.values()]);
  const instead = nextStep(
    owner,
    edited.map(({ found }) => describeRef(found.ref)),
  );
  return edited.map(({ found: { ref, pointer }, recorded: gone }) => {
    const object = objects.find((one) => refKey(refOf(one)) === refKey(ref));
    const [written, ...others] = gone.flatMap(({ hash }) => (memory.has(hash) ? [memory.get(hash)] : []));
    const change = written === undefined || others.length > 0 ? '' : changeText(written, atPointer(object, pointer));
    return {
      code: 'rule-edited',
      message: `Somebody edited this ${owner.kind === 'session' ? "session's" : "standing route's"} rule at ${pointer} of ${describeRef(ref)} by hand${change}`,
      instead,
      ref,
    };
  });
}

/** The same for all of an owner's rules, so that it is said once. */
function nextStep({ kind }: Owner, names: readonly string[]): string {
  const objects = [...new Set(names)];
  const where = objects.length > MAX_NAMED ? 'these objects' : objects.join(' and ');
  const [rules, were, them] = names.length === 1 ? ['rule', 'it was', 'it'] : ['rules', 'they were', 'them'];
  const then = kind === 'session' ? 'heddle clean' : 'the command again';
  return `Put the ${rules} back as ${were}, or take ${them} out of ${where} by hand, then run ${then}`;
}

const MAX_NAMED = 3;
const MAX_CHANGE = 120;

/** `: timeout "3s" → "99s"`: the fields that differ, as long as that is short. */
function changeText(before: unknown, now: unknown): string {
  if (!isRecord(before) || !isRecord(now)) return '';
  const shown = (value: unknown) => (value === undefined ? 'none' : canonicalJson(value));
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => shown(before[key]) !== shown(now[key]));
  const text = fields.map((key) => `${key} ${shown(before[key])} → ${shown(now[key])}`).join(', ');
  return text === '' || text.length > MAX_CHANGE ? '' : `: ${text}`;
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
