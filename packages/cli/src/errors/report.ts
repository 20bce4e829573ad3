import { EXIT } from '@heddle/core';
import { encodeLine } from '../terminal/encode.js';
import type { OutputFormat } from '../terminal/format.js';
import { type PointHere, pointAll } from '../terminal/next-commands.js';
import { type EnvironmentVariables, styleFor, wantsColour } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';
import { type ErrorDocument, errorDocument, errorText } from './error-text.js';
import { asUserError, exitRequest } from './from-oclif.js';

export interface ReportContext {
  readonly terminal: Terminal;
  readonly env: EnvironmentVariables;
  readonly format: OutputFormat;
  readonly verbose: boolean;
  /** How to get the help that fits: `heddle mesh --help`. */
  readonly help: string;
  /** Absent: the command had not been read yet, so nothing is known of the cluster that it is for. */
  readonly point?: PointHere | undefined;
}

/** Says what went wrong: code, one sentence, what to do next. Returns the exit code. */
export function reportError(error: unknown, context: ReportContext): number {
  const requested = exitRequest(error);
  if (requested !== undefined) return requested;
  const known = asUserError(error, context.help);
  const { point = (text) => text } = context;
  const document = pointAll(known === undefined ? bugDocument(error) : errorDocument(known, context.help), point);
  const style = styleFor(wantsColour(context.terminal.stderr.isTTY, context.env));
  const trace = known === undefined || context.verbose ? stackOf(error) : [];
  context.terminal.stderr.write(errorText(document, style, trace));
  if (context.format !== 'text') context.terminal.stdout.write(encodeLine(document, context.format));
  return document.error.exit;
}

function bugDocument(error: unknown): ErrorDocument {
  return {
    error: {
      code: 'bug',
      exit: EXIT.bug,
      message: `heddle did something that it should not: ${error instanceof Error ? error.message || error.name : String(error)}`,
      next: [
        'Report it, with the file that this writes: heddle doctor --bundle',
        'Look for what is left in the cluster: heddle clean --dry-run',
      ],
    },
  };
}

function stackOf(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let at: unknown = error; at instanceof Error && lines.length < 60; at = at.cause) {
    lines.push(...(lines.length === 0 ? [] : ['caused by:']), ...(at.stack ?? at.message).split('\n').map((line) => line.trim()));
  }
  return lines;
}
