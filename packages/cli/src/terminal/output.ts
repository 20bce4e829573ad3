import type { UserError } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import { errorDocument, errorText } from '../errors/error-text.js';
import { printableColoured } from './ansi.js';
import { encode, encodeLine } from './encode.js';
import type { OutputFormat } from './format.js';
import { type Place, pointAll, pointHere } from './next-commands.js';
import { type EnvironmentVariables, isInteractive, type Style, styleFor, wantsColour } from './style.js';
import type { Terminal } from './terminal.js';

/** What a renderer needs to know of the place that its text goes to. */
export interface Paper {
  readonly style: Style;
  readonly width: number;
}

/**
 * Where a command's results, progress and questions go. Results: stdout; all else: stderr. Whatever command of heddle's a text names is made
 * one for the same cluster and namespace on the way.
 */
export interface Output {
  readonly format: OutputFormat;
  /** Whether lines on stderr may be redrawn. */
  readonly live: boolean;
  readonly paper: Paper;
  readonly errPaper: Paper;
  /** The command's one result: `render`'s text, or the value itself as JSON or YAML. */
  result<T>(value: T, render: (value: T, paper: Paper) => string): void;
  /** One of many results: a line of JSON, a YAML document, or (unless undefined) a text. */
  event<T>(value: T, text: string | undefined): void;
  /** What is being done; silent with `--quiet`. */
  progress(message: string): void;
  /** Only with `--verbose`. */
  detail(message: string): void;
  warn(message: string): void;
  /** What went wrong although there is a result; the command then ends with the error's exit code. */
  failed(error: UserError): void;
  /** Consent: given by `--yes`, else asked for. Throws `consent-needed` where nobody can be asked, `declined` on a no. */
  consent(question: string): Promise<void>;
}

export interface OutputOptions extends Place {
  readonly output: OutputFormat;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly yes: boolean;
}

export function createOutput(terminal: Terminal, options: OutputOptions, env: EnvironmentVariables): Output {
  const paperFor = (sink: Terminal['stdout']): Paper => ({
    style: styleFor(wantsColour(sink.isTTY, env)),
    width: sink.isTTY ? sink.columns() : 120,
  });
  const paper = paperFor(terminal.stdout);
  const errPaper = paperFor(terminal.stderr);
  const point = pointHere(options);
  const line = (text: string) => terminal.stderr.write(`${printableColoured(point(text))}\n`);
  return {
    format: options.output,
    live: options.output === 'text' && !options.quiet && isInteractive(terminal.stderr.isTTY, env),
    paper,
    errPaper,
    result: (value, render) => {
      const here = pointAll(value, point);
      terminal.stdout.write(
        options.output === 'text' ? ensureNewline(printableColoured(render(here, paper))) : encode(here, options.output),
      );
    },
    event: (value, text) => {
      if (options.output !== 'text') terminal.stdout.write(encodeLine(pointAll(value, point), options.output));
      else if (text !== undefined) terminal.stdout.write(ensureNewline(printableColoured(text)));
    },
    progress: (message) => {
      if (!options.quiet) line(message);
    },
    detail: (message) => {
      if (options.verbose) line(errPaper.style.dim(message));
    },
    warn: (message) => line(`${errPaper.style.yellow('Warning:')} ${message}`),
    failed: (error) => terminal.stderr.write(errorText(pointAll(errorDocument(error), point), errPaper.style)),
    consent: async (question) => {
      if (options.yes) return;
      if (!terminal.stdinIsTTY || !isInteractive(terminal.stderr.isTTY, env)) {
        const what = question.replace(/\.? Go on\?$/, '');
        throw cliError('consent-needed', `${what}: that wants consent, and there is no terminal to ask at.`, [
          'Add --yes if this is what you want.',
        ]);
      }
      const answer = await terminal.ask(`${question} [y/N] `);
      if (/^y(es)?$/i.test((answer ?? '').trim())) return;
      // Ctrl-D leaves the cursor behind the question.
      if (answer === undefined) terminal.stderr.write('\n');
      const why = answer === undefined ? 'the question was not answered' : 'the answer was not yes';
      throw cliError('declined', `Nothing was changed: ${why}.`, ['Add --yes if you want it without being asked.']);
    },
  };
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
