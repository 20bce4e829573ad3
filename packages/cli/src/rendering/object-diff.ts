import { describeRef, type ObjectDiff } from '@heddle/core';
import { formatPatch, structuredPatch } from 'diff';
import { printable } from '../terminal/ansi.js';
import type { Paper } from '../terminal/output.js';
import type { Style } from '../terminal/style.js';
import { objectYaml } from './yaml.js';

/** Objects before and after, as one unified diff of their YAML. */
export function renderDiffs(diffs: readonly ObjectDiff[], paper: Paper): string {
  return diffs
    .map((diff) => renderDiff(diff, paper))
    .filter((text) => text !== '')
    .join('\n\n');
}

export function renderDiff(diff: ObjectDiff, { style }: Paper): string {
  const before = diff.before === undefined ? '' : objectYaml(diff.before);
  const after = diff.after === undefined ? '' : objectYaml(diff.after);
  if (before === after) return '';
  const name = describeRef(diff.ref);
  const patch = structuredPatch(
    diff.before === undefined ? '/dev/null' : `live ${name}`,
    diff.after === undefined ? '/dev/null' : `planned ${name}`,
    before,
    after,
    undefined,
    undefined,
    { context: 3 },
  );
  return formatPatch(patch)
    .split('\n')
    .filter((line) => !/^(Index: |=+$|\\ No newline)/.test(line))
    .map((line) => paint(printable(line).trimEnd(), style))
    .join('\n')
    .trimEnd();
}

function paint(line: string, style: Style): string {
  if (line.startsWith('+++') || line.startsWith('---')) return style.bold(line);
  if (line.startsWith('@@')) return style.cyan(line);
  if (line.startsWith('+')) return style.green(line);
  if (line.startsWith('-')) return style.red(line);
  return line;
}
