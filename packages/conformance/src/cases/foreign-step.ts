import {
  BugError,
  canonicalJson,
  describeRef,
  foreignContent,
  isManaged,
  type KubeObject,
  parentPointers,
  refKey,
  refOf,
  sameOwner,
} from '@heddle/core';
import type { CaseRun, Failures } from './case-run.js';
import { ownerOf } from './change-of.js';
import { withValue } from './pointer.js';
import { snapshot } from './snapshot.js';
import type { EditOwnStep, ForeignStep } from './step.js';

/** See `ForeignStep`: what is not heddle's is as it was, whatever of heddle's stands beside it. */
export async function runForeign(run: CaseRun, { since }: ForeignStep): Promise<Failures> {
  const was = run.marks.get(since);
  if (was === undefined) throw new BugError(`no step has the mark ${since}`);
  const now = await snapshot(run.connect('runner'), run.kinds);
  const byKey = (objects: readonly KubeObject[]) => new Map(objects.map((object) => [refKey(refOf(object)), object]));
  const [before, after] = [byKey(was), byKey(now)];
  const pointersIn = (object: KubeObject) => run.adapter.owned(object).map(({ pointer }) => pointer);
  const changed = [...before].flatMap(([key, object]): Failures => {
    if (isManaged(object)) return [];
    const live = after.get(key);
    if (live === undefined) return [`${describeRef(refOf(object))} is gone`];
    const emptied = parentPointers([object, live].flatMap(pointersIn));
    const [from, to] = [object, live].map((one) => canonicalJson(foreignContent(one, pointersIn(one), emptied)));
    return from === to ? [] : [`${describeRef(refOf(object))} without heddle's rules was ${from} and is ${to}`];
  });
  const strange = [...after].flatMap(([key, object]) =>
    before.has(key) || isManaged(object) || pointersIn(object).length > 0
      ? []
      : [`${describeRef(refOf(object))} is new, and neither managed by heddle nor does it hold rules of its own`],
  );
  return [...changed, ...strange];
}

export async function runEditOwn(run: CaseRun, { session, set }: EditOwnStep): Promise<Failures> {
  const owner = ownerOf(run.test, session);
  const cluster = run.connect('colleague');
  for (const object of await snapshot(cluster, run.kinds)) {
    const rule = run.adapter.owned(object).find((one) => sameOwner(one.owner, owner));
    if (rule === undefined) continue;
    const edited = Object.entries(set).reduce((now: unknown, [pointer, value]) => withValue(now, rule.pointer + pointer, value), object);
    await cluster.replace(edited as KubeObject);
    return [];
  }
  return [`no object holds a rule of session ${session}`];
}
