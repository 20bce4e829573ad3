import { type ObjectRef, type Problem, refKey, type Severity, type UnreadKind, type UserError } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';

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
  /** What could not be listed, for lack of rights; what depends on it was not looked at. */
  readonly unread: readonly UnreadKind[];
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

/** Nothing at all could be looked at. */
export function nothingRead(cluster: string, unread: readonly UnreadKind[]): UserError {
  return cliError(
    'lint-unread',
    `You may list nothing that heddle lint looks at in cluster ${cluster}: ${unreadText(unread)}.`,
    nextOf(unread),
  );
}

/** Something could not be, so that more may be wrong than is said; `undefined` when all was read. */
export function partlyRead({ unread }: Pick<LintReport, 'unread'>): UserError | undefined {
  if (unread.length === 0) return undefined;
  const what = unread.length === 1 ? 'one kind of object' : `${unread.length} kinds of objects`;
  return cliError('lint-unread', `You may not list ${what} that heddle lint looks at, so more may be wrong than it says.`, nextOf(unread));
}

/** `Pod in all namespaces`, `Pod in other namespaces than shop`: kinds with the same right together. */
export function unreadText(unread: readonly UnreadKind[]): string {
  const groups = Map.groupBy(unread, ({ onlyIn }) => onlyIn);
  return [...groups]
    .map(([onlyIn, kinds]) => {
      const names = kinds.map(({ kind, group }) => (group === '' ? kind : `${kind}.${group}`)).join(', ');
      return `${names} ${onlyIn === undefined ? 'in all namespaces' : `in other namespaces than ${onlyIn}`}`;
    })
    .join('; ');
}

function nextOf([first]: readonly UnreadKind[]): readonly string[] {
  const resource = first === undefined || first.group === '' ? first?.plural : `${first.plural}.${first.group}`;
  return [
    'Ask for the rights that the guide lists under Rights.',
    ...(resource === undefined ? [] : [`See whether you have one of them: kubectl auth can-i list ${resource} -A`]),
  ];
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
