import { BugError, type Cluster, isRecord, type KubeObject, metaOf, refOf } from '@heddle/core';
import type { CaseRun } from './case-run.js';
import type { ObjectChange } from './change-spec.js';
import { foreignPointer } from './foreign-pointer.js';
import { valueAt, withValue } from './pointer.js';
import { snapshot } from './snapshot.js';

/** How pointers are meant: as they are, or counting the items of others only. */
export type Positions = 'all' | 'foreign';

/** What a colleague does with kubectl. */
export async function editObjects(run: CaseRun, changes: readonly ObjectChange[], positions: Positions = 'all'): Promise<void> {
  const cluster = run.connect('colleague');
  for (const change of changes) {
    if ('create' in change) await cluster.create(change.create);
    else await editObject(cluster, await findObject(run, cluster, change.object), change, run, positions);
  }
}

async function editObject(
  cluster: Cluster,
  object: KubeObject,
  change: Exclude<ObjectChange, { create: unknown }>,
  run: CaseRun,
  positions: Positions,
): Promise<void> {
  const owned = positions === 'all' ? [] : run.adapter.owned(object).map(({ pointer }) => pointer);
  const at = (pointer: string) => foreignPointer(object, pointer, owned);
  if ('delete' in change || 'recreate' in change) {
    const { uid = '', resourceVersion = '' } = metaOf(object);
    await cluster.delete(refOf(object), { uid, resourceVersion });
    if ('recreate' in change) await cluster.create(freshOf(await findIn(run.marks.get('start') ?? [], change.object, run)));
    return;
  }
  if ('reverse' in change) {
    const list = valueAt(object, at(change.reverse));
    if (!Array.isArray(list)) throw new BugError(`${change.object} has no list at ${change.reverse}`);
    await cluster.replace(withValue(object, at(change.reverse), list.toReversed()) as KubeObject);
    return;
  }
  const edited = Object.entries(change.set).reduce((now: unknown, [pointer, value]) => withValue(now, at(pointer), value), object);
  await cluster.replace(edited as KubeObject);
}

export function freshOf(object: KubeObject): KubeObject {
  const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = isRecord(object.metadata) ? object.metadata : {};
  return { ...object, metadata };
}

/** `VirtualService cart`, in the case's namespace, or `VirtualService other/cart`. */
export async function findObject(run: CaseRun, cluster: Cluster, name: string): Promise<KubeObject> {
  const [kind = ''] = name.split(' ');
  const kinds = run.kinds.filter((query) => query.kind === kind);
  return findIn(await snapshot(cluster, kinds), name, run);
}

function findIn(objects: readonly KubeObject[], name: string, run: CaseRun): KubeObject {
  const found = objects.find((object) => isNamed(object, name, run.test.namespace));
  if (found === undefined) throw new BugError(`there is no ${name}`);
  return found;
}

export function isNamed(object: KubeObject, wanted: string, namespace: string): boolean {
  const [kind = '', path = ''] = wanted.split(' ');
  const [first = '', second] = path.split('/');
  const ref = refOf(object);
  const [where, name] = second === undefined ? [namespace, first] : [first, second];
  return ref.kind === kind && ref.name === name && (ref.namespace ?? namespace) === where;
}
