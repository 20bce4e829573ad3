import { describeMatch, describeRef, describeView, type Note, type Plan, refOf, type SessionPlan } from '@heddle/core';
import type { Paper } from '../terminal/output.js';
import { renderDiffs } from './object-diff.js';
import { renderTables, saysSomething } from './route-table.js';
import { table } from './table.js';

/** The whole plan, for `--dry-run`: what changes for whom, the objects as a diff, the tables before and after, the notes. */
export function renderPlan(session: SessionPlan, target: { readonly namespace: string; readonly service: string }, paper: Paper): string {
  const { style } = paper;
  const { plan } = session;
  const heading = (text: string) => style.bold(text);
  return [
    `${heading(`Plan for ${target.namespace}/${target.service}`)}: requests with ${style.cyan(describeMatch(session.match))} go to this machine (session ${session.id})`,
    '',
    heading('Who is affected'),
    renderEffects(plan, paper),
    '',
    heading('Created for the session, and removed at its end'),
    ...session.shadow.map((object) => `  ${style.green('+')} ${describeRef(refOf(object))}`),
    '',
    ...renderRouting(plan, 'none outside the match changes its way', paper),
    ...renderNotes(session.notes, paper),
  ].join('\n');
}

/** Objects as a diff, the tables before and after, and what was checked. */
export function renderRouting(plan: Plan, checked: string, paper: Paper): readonly string[] {
  const { bold } = paper.style;
  return [
    bold('Objects of the mesh'),
    renderDiffs(plan.diffs, paper) || '  none changes',
    '',
    bold('Routes before'),
    renderTables(plan.before.tables.filter(saysSomething), paper) || '  none',
    '',
    bold('Routes after'),
    renderTables(plan.after.tables.filter(saysSomething), paper) || '  none',
    '',
    bold('Checks'),
    ...renderChecks(plan, checked),
  ];
}

/** One line per group of requests: before → after. */
export function renderEffects(plan: Plan, paper: Paper): string {
  if (plan.effects.length === 0) return '  no request changes its way';
  const rows = plan.effects.map(({ view, port, requests, before, after }) => [
    `${describeView(view)}, port ${port}`,
    requests.replace(/^requests with /, ''),
    before,
    after,
  ]);
  return table(['CALLERS', 'REQUESTS', 'NOW', 'THEN'], rows, paper, '  ');
}

export function renderNotes(notes: readonly Note[], { style }: Paper): readonly string[] {
  if (notes.length === 0) return [];
  return [
    '',
    style.bold('Notes'),
    ...notes.map(({ message, ref }) => `  ${style.yellow('!')} ${message}${ref === undefined ? '' : style.dim(` (${describeRef(ref)})`)}`),
  ];
}

function renderChecks(plan: Plan, checked: string): readonly string[] {
  const { foreignRules, witnesses, unwitnessed } = plan.checks;
  const others =
    foreignRules === 0
      ? 'nobody else has rules for the service'
      : foreignRules === 1
        ? '1 rule of others stays as it is'
        : `${foreignRules} rules of others stay as they are and in their order`;
  return [
    `  ${others}`,
    `  ${witnesses} sample requests were followed through the routes before and after; ${checked}`,
    ...unwitnessed.map((condition) => `  no sample request was found for: ${condition}`),
  ];
}
