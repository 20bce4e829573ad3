import { twoColumns, wrap } from './layout.js';
import type { HelpCommand, HelpFlag, HelpPaper, HelpProgram } from './types.js';

const spaced = (id: string) => id.replaceAll(':', ' ');
const visible = <T extends { readonly hidden?: boolean }>(items: readonly T[]) => items.filter(({ hidden }) => hidden !== true);

/** `heddle --help`: what it is, all commands, where to go on. */
export function renderRootHelp(program: HelpProgram, paper: HelpPaper): string {
  const { bin } = program;
  return sections([
    paragraph(program.description, paper),
    section('USAGE', `  ${bin} COMMAND [flags]`, paper),
    section('COMMANDS', commandList(visible(program.commands), paper), paper),
    section(
      'LEARN MORE',
      twoColumns(
        [
          [`${bin} COMMAND --help`, 'A command with its flags and examples.'],
          [`${bin} doctor`, 'Whether this machine and cluster have what a session needs.'],
        ],
        paper.width,
        (text) => text,
      ),
      paper,
    ),
    paper.dim(`${bin} ${program.version}. Every flag can also be set as HEDDLE_<FLAG>, for example HEDDLE_NAMESPACE=shop.`),
  ]);
}

/** `heddle sessions --help`: the commands of a topic. */
export function renderTopicHelp(program: HelpProgram, topic: string, paper: HelpPaper): string {
  const commands = belowOf(program, topic);
  const description = program.topics[topic]?.description;
  return sections([
    paragraph(description ?? '', paper),
    section('USAGE', `  ${program.bin} ${spaced(topic)} COMMAND [flags]`, paper),
    section('COMMANDS', commandList(commands, paper), paper),
    paper.dim(`${program.bin} ${spaced(topic)} COMMAND --help shows a command with its flags and examples.`),
  ]);
}

export function renderCommandHelp(program: HelpProgram, command: HelpCommand, paper: HelpPaper): string {
  const args = visible(Object.values(command.args ?? {}));
  const groups = groupFlags(visible(Object.values(command.flags ?? {})));
  const fill = (text: string) => filled(text, program.bin, command.id);
  return sections([
    paragraph(fill(command.summary ?? ''), paper),
    section(
      'USAGE',
      usageOf(program.bin, command)
        .map((line) => `  ${line}`)
        .join('\n'),
      paper,
    ),
    section('EXAMPLES', examples(command, fill, paper), paper),
    section(
      'ARGUMENTS',
      twoColumns(
        args.map((arg) => [arg.name.toUpperCase(), arg.description ?? '']),
        paper.width,
        paper.bold,
      ),
      paper,
    ),
    ...groups.map(([group, flags]) => section(group, flagList(flags, paper), paper)),
    section('COMMANDS', commandList(belowOf(program, command.id), paper), paper),
    section('DESCRIPTION', indent(wrap(fill(command.description ?? ''), paper.width - 2)), paper),
  ]);
}

const belowOf = (program: HelpProgram, topic: string) => visible(program.commands).filter(({ id }) => id.startsWith(`${topic}:`));

/** How a command is called: its own usage lines, or one made from arguments and required flags. */
function usageOf(bin: string, command: HelpCommand): readonly string[] {
  if (command.usage !== undefined) return [command.usage].flat().map((line) => `${bin} ${filled(line, bin, command.id)}`);
  const args = visible(Object.values(command.args ?? {})).map((arg) =>
    arg.required === true ? arg.name.toUpperCase() : `[${arg.name.toUpperCase()}]`,
  );
  const flags = Object.values(command.flags ?? {}).filter(({ required }) => required === true);
  return [[bin, spaced(command.id), ...args, ...flags.map((flag) => `--${flag.name} ${placeholderOf(flag)}`), '[flags]'].join(' ')];
}

function commandList(commands: readonly HelpCommand[], paper: HelpPaper): string {
  const rows = [...commands]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((command) => {
      const args = visible(Object.values(command.args ?? {})).map((arg) =>
        arg.required === true ? arg.name.toUpperCase() : `[${arg.name.toUpperCase()}]`,
      );
      return [[spaced(command.id), ...args].join(' '), command.summary ?? ''] as const;
    });
  return twoColumns(rows, paper.width, paper.bold);
}

function groupFlags(flags: readonly HelpFlag[]): readonly (readonly [string, readonly HelpFlag[]])[] {
  const groups = new Map<string, HelpFlag[]>([['FLAGS', []]]);
  for (const flag of flags) {
    const name = flag.helpGroup === undefined ? 'FLAGS' : `${flag.helpGroup} FLAGS`;
    groups.set(name, [...(groups.get(name) ?? []), flag]);
  }
  // What every command has comes last.
  return [...groups].sort(([a], [b]) => Number(a === 'OUTPUT FLAGS') - Number(b === 'OUTPUT FLAGS'));
}

function flagList(flags: readonly HelpFlag[], paper: HelpPaper): string {
  const rows = flags.map((flag) => {
    const name = `${flag.char === undefined ? '    ' : `-${flag.char}, `}--${flag.name}`;
    const repeat = flag.multiple === true ? '…' : '';
    return [
      flag.type === 'boolean' ? name : `${name} ${placeholderOf(flag)}${repeat}`,
      `${flag.summary ?? flag.description ?? ''}${remarks(flag)}`,
    ] as const;
  });
  return twoColumns(rows, paper.width, (text) => text);
}

function remarks(flag: HelpFlag): string {
  const notes = [
    ...(flag.required === true ? ['required'] : []),
    ...(typeof flag.default === 'string' || typeof flag.default === 'number' ? [`default ${flag.default}`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

function placeholderOf(flag: HelpFlag): string {
  if (flag.options !== undefined && flag.options.length > 0) return flag.options.join('|');
  return [flag.helpValue ?? 'VALUE'].flat().join(' ');
}

function examples(command: HelpCommand, fill: (text: string) => string, paper: HelpPaper): string {
  return (command.examples ?? [])
    .map((example) => {
      if (typeof example === 'string') return `  ${fill(example).replace(/^\$ /, '')}`;
      return `${indent(wrap(paper.dim(`# ${fill(example.description)}`), paper.width - 2))}\n  ${fill(example.command)}`;
    })
    .join('\n\n');
}

/** oclif's two usual placeholders; its full template language is not needed. */
function filled(text: string, bin: string, id: string): string {
  return text.replaceAll(/<%= *config\.bin *%>/g, bin).replaceAll(/<%= *command\.id *%>/g, spaced(id));
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
}

function section(title: string, body: string, paper: HelpPaper): string {
  return body.trim() === '' ? '' : `${paper.bold(title)}\n${body}\n`;
}

function paragraph(text: string, paper: HelpPaper): string {
  return text === '' ? '' : `${wrap(text, paper.width).join('\n')}\n`;
}

/** Every part ends with a line break, so that a blank line stands between two. */
function sections(parts: readonly string[]): string {
  return `${parts
    .filter((part) => part !== '')
    .join('\n')
    .trimEnd()}\n`;
}
