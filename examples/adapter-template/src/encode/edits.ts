import { canonicalJson, type KubeObject, metaOf, type ObjectEdit, refKey, refOf } from '@heddle/core';
import { ownedPart } from '../names.js';

/**
 * The edits that turn the owner's routes as they are into those that are wanted; none where nothing differs. A catch-all comes before
 * the rules and goes after them, so that at no moment a request finds neither.
 */
export function editsTo(wanted: readonly KubeObject[], live: readonly KubeObject[], why: string): readonly ObjectEdit[] {
  const known = new Map(live.map((object) => [refKey(refOf(object)), object]));
  const kept = new Set(wanted.map((object) => refKey(refOf(object))));
  const written = wanted.flatMap((object): readonly ObjectEdit[] => {
    const ref = refOf(object);
    const before = known.get(refKey(ref));
    const stage = isRest(object) ? 'add' : 'rules';
    if (before === undefined) return [{ op: 'create', ref, stage, why, body: object }];
    if (canonicalJson(before.spec) === canonicalJson(object.spec)) return [];
    return [{ op: 'replace', ref: refOf(before), stage, why, body: { ...before, spec: object.spec }, ...identity(before) }];
  });
  const gone = live
    .filter((object) => !kept.has(refKey(refOf(object))))
    .map(
      (object): ObjectEdit => ({ op: 'delete', ref: refOf(object), stage: isRest(object) ? 'remove' : 'rules', why, ...identity(object) }),
    );
  return [...written, ...gone];
}

const isRest = (object: KubeObject): boolean => ownedPart(object)?.part === 'rest';

/** What the edit was computed from: core writes only if the object is still that one. */
function identity(object: KubeObject): { readonly uid: string; readonly resourceVersion: string } {
  const { uid = '', resourceVersion = '' } = metaOf(object);
  return { uid, resourceVersion };
}
