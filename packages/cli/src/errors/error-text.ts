import type { Refusal, UserError } from '@heddle/core';
import { printable } from '../terminal/ansi.js';
import type { Style } from '../terminal/style.js';
import { exitOf } from './interrupted.js';
import { nextSteps, sentence } from './sentence.js';

/** A failed command's document with `-o json` or `yaml`; its schema is schemas/error.json. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly exit: number;
    readonly message: string;
    readonly next: readonly string[];
    readonly refusals?: readonly Refusal[];
  };
}

export function errorText({ error }: ErrorDocument, style: Style, trace: readonly string[] = []): string {
  const lines = [`${style.red(style.bold('Error:'))} ${sentence(error.message)}`];
  const [, ...others] = error.refusals ?? [];
  for (const refusal of others) lines.push(`  ${style.red('also:')} ${sentence(refusal.message)}`);
  lines.push(...nextSteps(error.next, style.bold).map((step) => `  ${step}`));
  lines.push(style.dim(`  code: ${error.code} (exit ${error.exit})`), ...trace.map((line) => style.dim(`  ${printable(line)}`)));
  return `${lines.join('\n')}\n`;
}

/** `help`: how to get the help that fits, for a bad input that says nothing else of what to do. */
export function errorDocument(error: UserError, help?: string): ErrorDocument {
  const refusals = refusalsOf(error);
  return {
    error: {
      code: error.code,
      exit: exitOf(error),
      message: error.message,
      next: error.next.length === 0 && error.exit === 'usage' && help !== undefined ? [`See its help: ${help}`] : [...new Set(error.next)],
      ...(refusals.length === 0 ? {} : { refusals }),
    },
  };
}

function refusalsOf(error: Error): readonly Refusal[] {
  return 'refusals' in error && Array.isArray(error.refusals) ? error.refusals : [];
}
