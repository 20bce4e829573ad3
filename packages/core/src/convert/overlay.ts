import { type KubeObject, refKey, refOf } from '../model/object.js';

/** Objects with others put over them: of two of one name the later counts, where the first stood. */
export function overlay(objects: readonly KubeObject[], others: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map([...objects, ...others].map((object) => [refKey(refOf(object)), object])).values()];
}

/** What is taken keeps its name: new objects of that name get another, which a note tells. */
export function withFreeNames(
  rendered: readonly KubeObject[],
  taken: ReadonlyMap<string, KubeObject>,
): { readonly objects: readonly KubeObject[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const objects = rendered.map((object) => {
    const ref = refOf(object);
    if (!taken.has(refKey(ref))) return object;
    let name = `${ref.name}-converted`;
    for (let n = 2; taken.has(refKey({ ...ref, name })); n += 1) name = `${ref.name}-converted-${n}`;
    notes.push(`There is a ${ref.kind} ${ref.name} already, so the converted one is called ${name}.`);
    return { ...object, metadata: { ...(object.metadata as object), name } };
  });
  return { objects, notes };
}
