import type { AdaptersReport, PartReport } from '../services/adapters.js';
import type { Paper } from '../terminal/output.js';
import { table } from './table.js';

export function renderAdapters(report: AdaptersReport, paper: Paper): string {
  const { style } = paper;
  const rows = (parts: readonly PartReport[], can: (part: PartReport) => string) =>
    parts.map((part) => [
      style.bold(part.id),
      part.title ?? '',
      `${part.package} ${part.version}`,
      part.origin,
      part.works ? can(part) : style.red(part.problem ?? 'does not work'),
    ]);
  const lines = [
    table(
      ['ADAPTER', 'MESH', 'PACKAGE', 'ORIGIN', 'CAN'],
      rows(report.adapters, (part) => describeCan(part)),
      paper,
    ),
    ...cannotLines(report.adapters, paper),
    '',
    table(
      ['TUNNEL', 'TITLE', 'PACKAGE', 'ORIGIN', 'CARRIES'],
      rows(report.tunnels, (part) => (part.protocols ?? []).join(', ')),
      paper,
    ),
    ...untold(report).map(({ package: name, message }) => `${style.red('Problem:')} ${name}: ${message}`),
  ];
  return lines.join('\n');
}

/** What no row says already. */
function untold({ adapters, tunnels, problems }: AdaptersReport): AdaptersReport['problems'] {
  const told = new Set([...adapters, ...tunnels].map(({ problem }) => problem));
  return problems.filter(({ message }) => !told.has(message));
}

/** Features by their first word: `match: header, method, path; to: service; …`. */
function describeCan(part: PartReport): string {
  const groups = new Map<string, Set<string>>();
  for (const feature of part.can ?? []) {
    const [group = '', detail] = feature.split('.');
    const details = groups.get(group) ?? new Set();
    if (detail !== undefined) details.add(detail);
    groups.set(group, details);
  }
  return [...groups].map(([group, details]) => (details.size === 0 ? group : `${group} ${[...details].join('+')}`)).join(', ');
}

function cannotLines(adapters: readonly PartReport[], { style }: Paper): readonly string[] {
  return adapters.flatMap((part) =>
    (part.cannot ?? []).map(({ feature, why, instead }) =>
      style.dim(`  ${part.id} cannot ${feature}: ${why}${instead === undefined ? '' : `; instead: ${instead}`}`),
    ),
  );
}
