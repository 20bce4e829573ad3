import { type ObjectRef, type Problem, refKey, type Severity } from '@heddle/core';

/** A finding, and where it stands. */
export interface PlacedFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly ref?: ObjectRef;
  /** RFC 6901. */
  readonly pointer?: string;
  /** In files: the line, from 1, of the field or of what is around it. */
  readonly place?: { readonly file: string; readonly line: number };
  readonly fix?: string;
}

export interface LintReport {
  /** What was looked at: `files`, or the context's name. */
  readonly source: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly meshes: readonly { readonly id: string; readonly title: string; readonly version?: string }[];
  readonly objects: number;
  /** The worst first, those of one object together. */
  readonly findings: readonly PlacedFinding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** What was not looked at, or had to be assumed. */
  readonly notes: readonly string[];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export const FAIL_ON = ['error', 'warning', 'info', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Whether something is as bad as `failOn`, or worse. */
export function fails({ findings }: LintReport, failOn: FailOn): boolean {
  return failOn !== 'never' && findings.some(({ severity }) => RANK[severity] <= RANK[failOn]);
}

/** Objects in order of their worst finding, then of where they stand. */
export function arranged(problems: readonly Problem[], placeOf: (problem: Problem) => PlacedFinding['place']): readonly PlacedFinding[] {
  const groups = Map.groupBy(problems, ({ ref }) => (ref === undefined ? '' : refKey(ref)));
  const sorted = [...groups.values()].map((group) => {
    const placed = group.map((problem) => placedFinding(problem, placeOf(problem)));
    return placed.sort((a, b) => RANK[a.severity] - RANK[b.severity] || (a.place?.line ?? 0) - (b.place?.line ?? 0));
  });
  return sorted.sort((a, b) => compareGroups(a[0], b[0])).flat();
}

function placedFinding({ code, severity = 'warning', message, ref, pointer, fix }: Problem, place: PlacedFinding['place']): PlacedFinding {
  return {
    code,
    severity,
    message,
    ...(ref === undefined ? {} : { ref }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(place === undefined ? {} : { place }),
    ...(fix === undefined ? {} : { fix }),
  };
}

function compareGroups(a: PlacedFinding | undefined, b: PlacedFinding | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return (
    RANK[a.severity] - RANK[b.severity] ||
    compare(a.place?.file, b.place?.file) ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    compare(nameOf(a), nameOf(b))
  );
}

const nameOf = ({ ref }: PlacedFinding): string => (ref === undefined ? '' : `${ref.namespace ?? ''}/${ref.kind}/${ref.name}`);

const compare = (a = '', b = ''): number => (a === b ? 0 : a < b ? -1 : 1);

export function countsOf(findings: readonly PlacedFinding[]): LintReport['counts'] {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}
