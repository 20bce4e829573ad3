import { closest } from '@heddle/core';
import { type Config, settings } from '@oclif/core';
import { composeBy, pointOf } from './base-command.js';
import type { Compose } from './composition-root.js';
import { cliError } from './errors/cli-error.js';
import { type ReportContext, reportError } from './errors/report.js';
import { helpFor, helpPaper, helpSubject } from './help/fast.js';
import { inOurWords } from './help/plugin-commands.js';
import type { HelpCommand, HelpProgram } from './help/types.js';
import { installArguments } from './plugins/install-arguments.js';
import { bundledNames, loadProgram, pluginProblems } from './plugins/load-program.js';
import { managerError } from './plugins/manager-error.js';
import { formatOf } from './terminal/format.js';
import { processTerminal } from './terminal/process-terminal.js';
import type { Terminal } from './terminal/terminal.js';

export interface MainOptions {
  /** This package's folder. */
  readonly root: string;
  readonly compose?: Compose;
}

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[], options: MainOptions): Promise<void> {
  const terminal = processTerminal();
  const verbose = argv.includes('--verbose') || (process.env.HEDDLE_VERBOSE ?? '') !== '';
  showWarnings(terminal, verbose);
  const code = await runCommandLine(argv, options, terminal, verbose);
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  process.exit(code);
}

async function runCommandLine(argv: readonly string[], options: MainOptions, terminal: Terminal, verbose: boolean): Promise<number> {
  let help = 'heddle --help';
  let program: Config | undefined;
  const report = (): ReportContext => ({
    ...{ terminal, env: process.env, format: formatOf(argv, process.env), verbose, help },
    ...{ point: program === undefined ? undefined : pointOf(program) },
  });
  const crash = (error: unknown) => {
    // A running session has a listener of its own, and puts everything back first.
    if (process.listenerCount('uncaughtException') <= 1) process.exit(reportError(error, report()));
  };
  process.on('uncaughtException', crash);
  try {
    // Compiled code only: oclif would look for TypeScript sources beside it when NODE_ENV says so.
    settings.enableAutoTranspile = false;
    const config = await loadProgram(options.root);
    program = config;
    if (!argv.includes('--quiet')) warnOfPlugins(config, terminal);
    if (options.compose !== undefined) composeBy(config, options.compose);
    const { id, rest } = splitCommand(config, argv);
    await config.runHook('init', { argv: rest, id });
    if (argv[0] === '--version') {
      terminal.stdout.write(`${config.bin} ${config.version}\n`);
      return 0;
    }
    const asked = helpSubject(argv) ?? topicWords(config, id);
    if (asked !== undefined) return showHelp(config, asked, terminal);
    const command = config.findCommand(id);
    if (command === undefined) throw id === '' ? commandLast(config, argv) : unknownCommand(config, id);
    if (isMistypedSubcommand(config, id, rest)) throw unknownCommand(config, `${id}:${rest[0] ?? ''}`);
    help = `${config.bin} ${id.replaceAll(':', ' ')} --help`;
    const words = installArguments(command.id, rest, { cwd: process.cwd(), bundled: bundledNames(config) });
    await config.runCommand(id, words, command).catch((error: unknown) => {
      throw command.id.split(':')[0] === 'plugins' ? managerError(error) : error;
    });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return reportError(error, report());
  }
}

/** The longest run of leading words that names a command, and what follows; without one, all leading words. */
function splitCommand(config: Config, argv: readonly string[]): { readonly id: string; readonly rest: string[] } {
  const end = argv.findIndex((word) => word.startsWith('-'));
  const words = end < 0 ? argv : argv.slice(0, end);
  for (let length = words.length; length > 0; length -= 1) {
    const id = words.slice(0, length).join(':');
    if (config.findCommand(id) !== undefined) return { id, rest: argv.slice(length) };
  }
  return { id: words.join(':'), rest: argv.slice(words.length) };
}

function showHelp(config: Config, words: readonly string[], terminal: Terminal): number {
  const paper = helpPaper({ isTTY: terminal.stdout.isTTY, columns: terminal.stdout.columns() }, process.env);
  const text = helpFor(programOf(config), words, paper);
  if (text === undefined) throw unknownCommand(config, words.join(':'));
  terminal.stdout.write(text);
  return 0;
}

function programOf(config: Config): HelpProgram {
  const topics = Object.fromEntries(config.topics.map(({ name, description }) => [name, description === undefined ? {} : { description }]));
  return {
    bin: config.bin,
    version: config.version,
    description: config.pjson.oclif.description ?? '',
    // oclif lists an alias as a command of its own.
    commands: config.commands.filter(({ id, aliases }) => !aliases.includes(id)).map((command) => inOurWords(command as HelpCommand)),
    topics,
  };
}

/** `heddle plugins instal X`: a word too many for a command that takes none, and that has commands of its own below it. */
function isMistypedSubcommand(config: Config, id: string, rest: readonly string[]): boolean {
  const [word = '-'] = rest;
  const below = config.commandIDs.some((each) => each.startsWith(`${id}:`));
  return below && !word.startsWith('-') && Object.keys(config.findCommand(id)?.args ?? {}).length === 0;
}

/** A plugin in trouble breaks no command, but it is not passed over in silence. */
function warnOfPlugins(config: Config, terminal: Terminal): void {
  for (const { package: name, message } of pluginProblems(config)) terminal.stderr.write(`Warning: ${name}: ${message}\n`);
}

/** `heddle sessions` alone asks for the topic's help. */
function topicWords(config: Config, id: string): readonly string[] | undefined {
  return config.findCommand(id) === undefined && config.findTopic(id) !== undefined ? id.split(':') : undefined;
}

function unknownCommand(config: Config, id: string) {
  const name = id.replaceAll(':', ' ');
  const guess = closest(id, config.commandIDs);
  return cliError('unknown-command', `There is no command ${name}.`, [
    ...(guess === undefined ? [] : [`Did you mean: ${config.bin} ${guess.replaceAll(':', ' ')}`]),
    `See all commands: ${config.bin} --help`,
  ]);
}

/** kubectl takes flags before its command; here the command says which flags there are. */
function commandLast(config: Config, argv: readonly string[]) {
  const start = argv.findIndex((_, index) => config.findCommand(splitCommand(config, argv.slice(index)).id) !== undefined);
  const { id, rest } = start < 0 ? { id: 'COMMAND', rest: [] } : splitCommand(config, argv.slice(start));
  const line = [...id.split(':'), ...argv.slice(0, start < 0 ? argv.length : start), ...rest];
  return cliError('unknown-command', `The command comes before its flags, and there is none before ${argv[0] ?? ''}.`, [
    `Put it first: ${config.bin} ${line.join(' ')}`,
    `See all commands: ${config.bin} --help`,
  ]);
}

/** Node prints warnings with process ids and traces, and oclif those of plugins, which heddle tells itself: all with --verbose only. */
function showWarnings(terminal: Terminal, verbose: boolean): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    const [first = ''] = warning.message.split('\n');
    if (verbose) terminal.stderr.write(`Warning: ${first}\n`);
  });
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}
