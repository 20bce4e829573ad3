import { type Applied, applyPlan, BugError, describeRef, isUserError, type Plan, type Planning, planChange, sameOwner } from '@heddle/core';
import { type CaseRun, contextOf, differing, type Failures } from './case-run.js';
import { ownerOf, resolveChange } from './change-of.js';
import type { ChangeExpectation, ChangeSpec } from './change-spec.js';
import { disturbed } from './disturb.js';
import { differences, snapshot } from './snapshot.js';
import type { ApplyStep, ChangeStep } from './step.js';

export async function runChange(undisturbed: CaseRun, step: ChangeStep): Promise<Failures> {
  const { change: spec, as } = step;
  return disturbed(undisturbed, spec.session, step.during, async (run) => {
    const before = await snapshot(run.connect('runner'), run.kinds);
    const planning = await plan(run, spec);
    if ('refused' in planning) return refusals(run, step, planning, before);
    const planned = [
      ...planFailures(step, planning.plan),
      ...differing('refusals', step.refused ?? [], []),
      ...inServedVersion(run, planning.plan),
    ];
    if (as === undefined) return [...planned, ...(await apply(run, spec, planning.plan, step))];
    run.plans.set(as, { plan: planning.plan, spec });
    return planned;
  });
}

export async function runApply(run: CaseRun, step: ApplyStep): Promise<Failures> {
  const kept = run.plans.get(step.plan);
  if (kept === undefined) throw new BugError(`no earlier step kept the plan ${step.plan}`);
  return disturbed(run, kept.spec.session, step.during, (disturbedRun) => apply(disturbedRun, kept.spec, kept.plan, step));
}

export async function plan(run: CaseRun, spec: ChangeSpec): Promise<Planning> {
  return planChange(contextOf(run, spec.session), await resolveChange(run, spec));
}

async function refusals(
  run: CaseRun,
  { refused }: ChangeExpectation,
  planning: Extract<Planning, { refused: unknown }>,
  before: Awaited<ReturnType<typeof snapshot>>,
): Promise<Failures> {
  const after = await snapshot(run.connect('runner'), run.kinds);
  const codes = [...new Set(planning.refused.map(({ code }) => code))];
  const messages = planning.refused.map(({ message }) => message).join('; ');
  const unexplained = planning.refused.filter(({ message }) => message === '').map(({ code }) => `the refusal ${code} gives no reason`);
  const wrong = refused === 'any' ? [] : differing('refusals', refused ?? [], codes).map((failure) => `${failure} (${messages})`);
  return [...wrong, ...unexplained, ...differences(before, after)];
}

function planFailures({ edits, notes }: ChangeExpectation, { edits: planned, notes: given }: Plan): Failures {
  const names = planned.map(({ op, ref }) => `${op} ${describeRef({ ...ref, namespace: '' }).replace('/', '')}`);
  const codes = given.map(({ code }) => code);
  const missing = (notes ?? []).filter((code) => !codes.includes(code));
  return [
    ...(edits === undefined ? [] : differing('edits', edits.toSorted(), names.toSorted())),
    ...(missing.length === 0 ? [] : [`notes: expected ${missing.join(', ')} among ${codes.join(', ') || 'none'}`]),
  ];
}

/** Edits are in the version that the cluster serves. */
function inServedVersion(run: CaseRun, { edits }: Plan): Failures {
  return edits.flatMap(({ ref }) =>
    differing(`version of ${describeRef(ref)}`, run.env.served[ref.kind] ?? ref.apiVersion, ref.apiVersion),
  );
}

async function apply(run: CaseRun, spec: ChangeSpec, planned: Plan, expected: ChangeExpectation): Promise<Failures> {
  const context = contextOf(run, spec.session);
  let applied: Applied;
  try {
    applied = await applyPlan(context, planned, { replan: () => plan(run, spec), pause: async () => {} });
  } catch (error) {
    if (!isUserError(error)) throw error;
    const wrong = expected.mayFail === error.code ? [] : differing('error', expected.fails ?? 'none', error.code);
    return wrong.map((failure) => `${failure} (${error.message})`);
  }
  run.written.set(spec.session, { spec, rules: applied.owned.map(({ ref, hash }) => ({ ref, hash })) });
  const strange = applied.owned.filter(({ owner }) => !sameOwner(owner, ownerOf(run.test, spec.session, spec.owner)));
  return [
    ...differing('error', expected.fails ?? 'none', 'none'),
    ...(expected.rounds === undefined ? [] : differing('plans made', expected.rounds, applied.rounds)),
    ...(strange.length === 0 ? [] : ['rules of other owners were reported as written']),
    ...(spec.remove ? differing('rules left', 0, applied.owned.length) : []),
    ...(await settled(run, spec)),
  ];
}

/** Doing it once more changes nothing: create, re-encode and remove are idempotent. */
async function settled(run: CaseRun, spec: ChangeSpec): Promise<Failures> {
  const again = await plan(run, spec);
  if ('refused' in again) return [`the same change again is refused: ${again.refused.map(({ message }) => message).join('; ')}`];
  return differing(
    'edits of the same change again',
    [],
    again.plan.edits.map(({ op, ref }) => `${op} ${describeRef(ref)}`),
  );
}
