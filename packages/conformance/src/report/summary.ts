import type { ConformanceReport, ReportedCase } from './report.js';
import { caseName } from './report.js';

/** Cases by what they were skipped for: a capability, or a reason in words. */
function skipsOf(cases: readonly ReportedCase[]): ReadonlyMap<string, readonly ReportedCase[]> {
  const by = new Map<string, readonly ReportedCase[]>();
  for (const one of cases) {
    if (one.outcome !== 'skip') continue;
    const why = one.capability ?? one.reason ?? '';
    by.set(why, [...(by.get(why) ?? []), one]);
  }
  return by;
}

/** Whether everything that ran passed, and something did. */
export function hasPassed({ levels }: Pick<ConformanceReport, 'levels'>): boolean {
  const results = Object.values(levels).map(({ result }) => result);
  return results.includes('pass') && !results.includes('fail');
}

/** The report for a terminal: failures in full, the rest in numbers. */
export function summariseReport(report: ConformanceReport): string {
  const { implementation: of, kit, contract, environments, levels, cases, numbers } = report;
  const failed = cases.filter(({ outcome }) => outcome === 'fail');
  const named = numbers.filter(({ status }) => status === 'pass' || status === 'fail');
  const open = numbers.filter(({ status }) => status === 'none').map(({ number }) => number);
  const skips = [...skipsOf(cases)].map(([why, ones]) => `  ${why}: ${[...new Set(ones.map(({ id }) => id))].join(', ')}`);
  return [
    `${of.package} ${of.version}: ${of.adapter.title} (${of.adapter.id}), kit ${kit.version}, adapter contract ${contract.meshAdapter}`,
    ...environments.map(({ name, title }) => `  ${name}: ${title}`),
    '',
    ...failed.flatMap((one) => [
      `FAIL ${caseName(one)}${one.number === undefined ? '' : ` (${one.number})`}: ${one.title}`,
      ...(one.failures ?? []).map((failure) => `     ${failure}`),
    ]),
    ...(failed.length === 0 ? [] : ['']),
    ...(['core', 'extended'] as const).map((level) => {
      const { result, passed, failed: wrong, skipped } = levels[level];
      return `${level.padEnd(9)} ${result}: ${passed} passed, ${wrong} failed, ${skipped} skipped`;
    }),
    ...(skips.length === 0 ? [] : ['Skipped:', ...skips]),
    `Numbered cases: ${named.length} of ${numbers.length} covered${open.length === 0 ? '' : `; no case and no reason for ${open.join(', ')}`}`,
  ].join('\n');
}
