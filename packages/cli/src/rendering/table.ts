import { printableColoured } from '../terminal/ansi.js';
import type { Paper } from '../terminal/output.js';
import { widthOf } from '../terminal/style.js';

/**
 * Rows under headers, columns as wide as their longest cell. Where a row is wider than the paper, the last column wraps below itself,
 * and so does a cell that would take more than half of the paper: nothing is cut off. Cells may carry colours; other control characters
 * are taken out.
 */
export function table(headers: readonly string[], rows: readonly (readonly string[])[], paper: Paper, indent = ''): string {
  const most = Math.max(MIN_ROOM, Math.floor(paper.width / 2));
  const cells = rows.map((row) =>
    headers.map((_, column) => {
      const cell = clean(row[column] ?? '');
      // A colour would go on in the columns beside it.
      return column === headers.length - 1 || cell.includes('\u001b') ? [cell] : wrapCell(cell, most);
    }),
  );
  const widest = (column: number) => Math.max(0, ...cells.flatMap((row) => (row[column] ?? []).map(widthOf)));
  const widths = headers.map((header, column) => Math.max(widthOf(header), widest(column)));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, indent.length);
  const room = Math.max(MIN_ROOM, paper.width - before);
  const head = headers.map((header) => [paper.style.dim(header)]);
  const body = cells.map((row) => [...row.slice(0, -1), wrapCell(row.at(-1)?.[0] ?? '', room)]);
  return [head, ...body].flatMap((row) => rowLines(row, widths, indent)).join('\n');
}

/** What a column that wraps gets at least, however narrow the paper. */
const MIN_ROOM = 24;

function rowLines(row: readonly (readonly string[])[], widths: readonly number[], indent: string): readonly string[] {
  const height = Math.max(...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, index) => {
    const line = row.map((cell, column) =>
      column === row.length - 1 ? (cell[index] ?? '') : padEnd(cell[index] ?? '', widths[column] ?? 0),
    );
    return `${indent}${line.join('  ')}`.trimEnd();
  });
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function wrapCell(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  // `90 %` stays together.
  for (const word of text.split(/ (?!%)/)) {
    const candidate = line === '' ? word : `${line} ${word}`;
    if (widthOf(candidate) > room && line !== '') {
      lines.push(line);
      line = word;
    } else line = candidate;
  }
  return [...lines, line];
}

function clean(text: string): string {
  return printableColoured(text.replaceAll('\n', ' '));
}
