import type { CaseReport } from './case.js';

/** How many cases passed, failed and were skipped; skips by the feature that is missing. */
export function summariseCases(report: CaseReport): {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: Readonly<Record<string, number>>;
} {
  const skipped: Record<string, number> = {};
  for (const { outcome, feature } of report.results) {
    if (outcome === 'skip' && feature !== undefined) skipped[feature] = (skipped[feature] ?? 0) + 1;
  }
  const count = (outcome: string) => report.results.filter((result) => result.outcome === outcome).length;
  return { passed: count('pass'), failed: count('fail'), skipped };
}

/** The report as lines of text: one per case, failures indented beneath, skips with what is missing. */
export function formatCaseReport(report: CaseReport): string {
  const lines = report.results.flatMap(({ id, title, outcome, feature, failures }) => [
    `${outcome} ${id} ${title}${feature === undefined ? '' : ` (needs ${feature})`}`,
    ...failures.map((failure) => `     ${failure}`),
  ]);
  const { passed, failed, skipped } = summariseCases(report);
  const skips = Object.entries(skipped).map(([feature, count]) => `${count} for ${feature}`);
  return [
    ...lines,
    `${report.adapter.title}: ${passed} passed, ${failed} failed, ${skips.length === 0 ? 'none' : skips.join(', ')} skipped`,
    '',
  ].join('\n');
}
