import { refKey } from '../../model/object.js';
import type { CleanReport } from '../types.js';

/** Reports as one; an object that several drains touched (a shared one, say) is named once for each way it was treated. */
export function joinReports(reports: readonly Partial<CleanReport>[]): CleanReport {
  return {
    sessions: reports.flatMap((report) => report.sessions ?? []),
    orphans: distinct(
      reports.flatMap((report) => report.orphans ?? []),
      ({ ref, owner }) => `${refKey(ref)} ${owner}`,
    ),
    removed: distinct(
      reports.flatMap((report) => report.removed ?? []),
      ({ ref, how }) => `${refKey(ref)} ${how}`,
    ),
    left: distinct(
      reports.flatMap((report) => report.left ?? []),
      ({ ref, why }) => `${refKey(ref)} ${why}`,
    ),
    kept: reports.flatMap((report) => report.kept ?? []),
  };
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
