import { BugError, foreignEdits, overlapping, sameOwner } from '@heddle/core';
import { type CaseRun, differing, type Failures } from './case-run.js';
import { ownerOf } from './change-of.js';
import { findObject, isNamed } from './edit-objects.js';
import { valueAt } from './pointer.js';
import { differences, snapshot } from './snapshot.js';
import type { ForeignEditStep, OverlapStep, UnchangedStep, ValuesStep } from './step.js';

export async function runValues(run: CaseRun, { object, values }: ValuesStep): Promise<Failures> {
  const found = await findObject(run, run.connect('runner'), object);
  return Object.entries(values).flatMap(([pointer, wanted]) => differing(`${object} ${pointer}`, wanted, valueAt(found, pointer) ?? null));
}

export async function runUnchanged(run: CaseRun, { since, only }: UnchangedStep): Promise<Failures> {
  const was = run.marks.get(since);
  if (was === undefined) throw new BugError(`no step has the mark ${since}`);
  const now = await snapshot(run.connect('runner'), run.kinds);
  if (only === undefined) return differences(was, now);
  return differences(was, now, (object) => only.some((name) => isNamed(object, name, run.test.namespace)));
}

export async function runForeignEdit(run: CaseRun, { session, edited }: ForeignEditStep): Promise<Failures> {
  const written = run.written.get(session);
  if (written === undefined) throw new BugError(`session ${session} has written nothing`);
  const objects = await snapshot(run.connect('runner'), run.kinds);
  const owned = objects.flatMap((object) => run.adapter.owned(object)).filter(({ owner }) => sameOwner(owner, ownerOf(run.test, session)));
  return differing(`rules of ${session} edited by others`, edited, foreignEdits(written.rules, owned).edited.length > 0);
}

export function runOverlap({ a, b, is }: OverlapStep): Failures {
  return differing('overlap', is, overlapping([a], [b]));
}
