import { groupOf, type KubeObject, refOf } from '@heddle/core';
import { dump } from 'js-yaml';

export interface ObjectFile {
  /** The file's name, without a folder. */
  readonly name: string;
  readonly text: string;
}

/**
 * A file for each object, called `1-kind.namespace.name.yaml` where rules need it (the first `foundations`), else `2-…`: kubectl applies a
 * folder in the order of names. So an object keeps its file whatever others come and go.
 */
export function objectFiles(objects: readonly KubeObject[], foundations: number): readonly ObjectFile[] {
  const named = objects.map((object, index) => ({ object, stage: index < foundations ? 1 : 2 }));
  const plain = Map.groupBy(named, ({ object }) => nameOf(object, false));
  return named.map(({ object, stage }) => {
    const isShared = (plain.get(nameOf(object, false)) ?? []).length > 1;
    return { name: `${stage}-${nameOf(object, isShared)}.yaml`, text: dump(object, { noRefs: true, lineWidth: -1 }) };
  });
}

/** Kinds and namespaces have no dots, so that no two objects of a kind have one name. Two groups may have a kind of the same name. */
function nameOf(object: KubeObject, withGroup: boolean): string {
  const { apiVersion, kind, namespace, name } = refOf(object);
  const parts = [kind.toLowerCase(), ...(withGroup ? [groupOf(apiVersion)] : []), ...(namespace === undefined ? [] : [namespace]), name];
  return parts.join('.').replaceAll(/[^\w.-]/g, '_');
}
