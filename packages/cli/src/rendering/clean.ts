import { type CleanReport, describeRef, kindOfId } from '@heddle/core';
import type { Paper } from '../terminal/output.js';

const HOW = { deleted: ['delete', 'deleted'], 'rules removed': ['remove rules from it', 'rules removed'] } as const;

const nameOf = (id: string, bold = (text: string) => text) => `${kindOfId(id) === 'route' ? 'standing route' : 'session'} ${bold(id)}`;

/** What clean-up did, or with `dryRun` would do. */
export function renderClean(report: CleanReport, options: { readonly dryRun: boolean }, { style }: Paper): string {
  const lines: string[] = [];
  const verb = options.dryRun ? 'Would end' : 'Ended';
  for (const { id, namespace, why } of report.sessions) lines.push(`${verb} ${nameOf(id, style.bold)} in ${namespace}: ${why}`);
  for (const { ref, owner } of report.orphans)
    lines.push(`${options.dryRun ? 'Would remove' : 'Removed'} rules of ${owner} from ${describeRef(ref)}: they have no record`);
  for (const { ref, how } of report.removed)
    lines.push(`  ${how === 'deleted' ? '-' : '~'} ${describeRef(ref)} ${style.dim(`(${HOW[how][options.dryRun ? 0 : 1]})`)}`);
  for (const { ref, why } of report.left) lines.push(style.red(`Left: ${describeRef(ref)}: ${why}`));
  for (const { id, namespace, why } of report.kept) lines.push(style.dim(`Kept ${nameOf(id)} in ${namespace}: ${why}`));
  const nothing = report.sessions.length + report.orphans.length + report.removed.length + report.left.length === 0;
  return [...(nothing ? ['Nothing to clean up.'] : []), ...lines].join('\n');
}
