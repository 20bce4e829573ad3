import { nextSteps } from '../errors/sentence.js';
import type { Check } from '../services/doctor/check.js';
import type { DoctorReport } from '../services/doctor/doctor.js';
import type { Paper } from '../terminal/output.js';
import { padEnd } from './table.js';

const WORDS: Readonly<Record<Check['status'], string>> = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: 'skipped' };

export function renderDoctor(report: DoctorReport, { style }: Paper): string {
  const width = Math.max(...report.checks.map(({ title }) => title.length));
  const paint = { ok: style.green, warning: style.yellow, failed: style.red, skipped: style.dim };
  const lines = report.checks.flatMap(({ status, title, message, next }) => [
    `${padEnd(paint[status](WORDS[status]), 8)} ${title.padEnd(width)}  ${message}`,
    ...nextSteps(next, style.dim).map((step) => `${' '.repeat(width + 11)}${step}`),
  ]);
  const count = (status: Check['status']) => report.checks.filter((check) => check.status === status).length;
  const verdict = report.healthy
    ? style.green(
        count('warning') === 0
          ? 'All is well.'
          : `Nothing keeps a session from working; ${count('warning')} warning${count('warning') === 1 ? '' : 's'}.`,
      )
    : style.red(`${count('failed')} of ${report.checks.length} checks failed.`);
  const bundle = report.bundle === undefined ? [] : [`Facts for a report, without secrets: ${style.bold(report.bundle)}`];
  return [...lines, '', verdict, ...bundle].join('\n');
}
