import { describeRef } from '@heddle/core';
import { entryChanges, type RouteChange } from '../services/standing-route/route-change.js';
import type { Paper } from '../terminal/output.js';
import { renderNotes } from './plan.js';
import { entryRow, renderRoutePlan, serviceText } from './standing-route.js';
import { table } from './table.js';

/** What files would change: the whole plan of each service, and in a line those that are as the files say. */
export function renderFilePlans(changes: readonly RouteChange[], paper: Paper): string {
  if (changes.length === 0) return NOTHING;
  return changes.map((change) => (change.plan.unchanged ? asItIs(change, paper) : renderRoutePlan(change.plan, paper))).join('\n\n');
}

/** What was made of a file's routes, service by service. */
export function renderFileChanges(changes: readonly RouteChange[], paper: Paper): string {
  return changes.length === 0 ? NOTHING : changes.map((change) => renderChange(change, paper)).join('\n');
}

const NOTHING = 'The file has no routes, and none stands that it had.';

const WORDS = { planned: 'not written', unchanged: '', written: 'written', cleared: 'taken back', left: 'taken back in part' } as const;

function renderChange(change: RouteChange, paper: Paper): string {
  const { bold, green, red, dim } = paper.style;
  const { plan, outcome, removed, left } = change;
  if (outcome === 'unchanged') return asItIs(change, paper);
  const rows = entryChanges(plan).map((each) => entryRow(each, paper.style, outcome === 'planned' ? 'now' : 'was'));
  const paint = outcome === 'planned' || outcome === 'left' ? red : green;
  return [
    `${bold(serviceText(plan.services))}: ${paint(WORDS[outcome])}`,
    ...(rows.length === 0 ? [] : [table(['', 'NAME', 'REQUESTS', 'WHAT IT DOES'], rows, paper, '  ')]),
    ...removed.map(({ ref, how }) => `  ${how === 'deleted' ? '-' : '~'} ${describeRef(ref)} ${dim(`(${how})`)}`),
    ...left.map(({ ref, why }) => red(`Left: ${describeRef(ref)}: ${why}`)),
    ...renderNotes(plan.notes, paper),
  ].join('\n');
}

const asItIs = ({ plan }: RouteChange, { style }: Paper): string => `${style.bold(serviceText(plan.services))}: as the file says`;
