import { printableColoured } from '../terminal/ansi.js';
import type { Paper } from '../terminal/output.js';
import { widthOf } from '../terminal/style.js';

/**
 * Rows under headers, columns as wide as their longest cell. Where a row is wider than the paper, the last column wraps below itself,
 * so that nothing is cut off. Cells may carry colours; other control characters are taken out.
 */
export function table(headers: readonly string[], rows: readonly (readonly string[])[], paper: Paper, indent = ''): string {
  const cells = rows.map((row) => headers.map((_, column) => clean(row[column] ?? '')));
  const widths = headers.map((header, column) => Math.max(widthOf(header), ...cells.map((row) => widthOf(row[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, indent.length);
  const room = Math.max(24, paper.width - before);
  const lines = [headers.map((header) => paper.style.dim(header)), ...cells].flatMap((row) => rowLines(row, widths, indent, before, room));
  return lines.join('\n');
}

function rowLines(row: readonly string[], widths: readonly number[], indent: string, before: number, room: number): readonly string[] {
  const lead = row.slice(0, -1).map((cell, column) => padEnd(cell, widths[column] ?? 0));
  const [head = '', ...tail] = wrapCell(row.at(-1) ?? '', room);
  return [`${indent}${[...lead, head].join('  ')}`.trimEnd(), ...tail.map((line) => `${' '.repeat(before)}${line}`)];
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function wrapCell(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
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
