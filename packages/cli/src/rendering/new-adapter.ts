import { relative } from 'node:path';
import type { NewAdapter } from '../services/new-adapter/new-adapter.js';

export function renderNewAdapter({ id, package: name, folder, files }: NewAdapter, cwd: string): string {
  const where = relative(cwd, folder) || '.';
  return [
    `Made ${name} in ${where}: ${files.length} files.`,
    `  try it       cd ${where} && npm ci && npm test`,
    `  verify it    heddle adapter verify ${where}`,
    `  use it       heddle plugins link ${where} && heddle sandbox start --mesh ${id}`,
    '  read         its README.md, then docs/writing-an-adapter.md',
    '',
  ].join('\n');
}
