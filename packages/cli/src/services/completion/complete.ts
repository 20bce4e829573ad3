import type { HelpArg, HelpCommand, HelpFlag, HelpProgram } from '../../help/types.js';
import { sourceOfArg, sourceOfFlag, type ValueSources } from './due-source.js';
import { flagNamed, type TypedLine, typedLine } from './typed-line.js';
import type { Candidate, Completion } from './types.js';

const NOTHING: Completion = { kind: 'values', values: [] };

/** Completes the last of the words that follow the program's name, which may be empty. */
export async function complete(program: HelpProgram, words: readonly string[], sources: ValueSources): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return { kind: 'command', values: [] };
  const asked = before[0] === 'help' ? before.slice(1) : before;
  const command = commandOf(program, asked);
  const rest = asked.slice(command?.id.split(':').length ?? 0);
  if (command === undefined || before[0] === 'help') {
    if (asked.some((word) => word.startsWith('-'))) return NOTHING;
    const next = nextWords(program, asked);
    return starting(current, current.startsWith('-') && next.length > 0 ? (asked.length === 0 ? GLOBAL_FLAGS : [HELP]) : next);
  }
  const flags = Object.values(command.flags ?? {}).filter(({ hidden }) => hidden !== true);
  const pending = flagNamed(flags, rest.at(-1) ?? '');
  const line = typedLine(command, flags, pending === undefined ? rest : rest.slice(0, -1));
  if (pending !== undefined && pending.type !== 'boolean') return await valuesOf(pending, current, line, sources);
  const [, name = '', value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const assigned = value === undefined ? undefined : flagNamed(flags, name);
  if (assigned !== undefined && value !== undefined) return prefixed(`${name}=`, await valuesOf(assigned, value, line, sources));
  if (current.startsWith('-')) return starting(current, flagCandidates(flags, rest));
  const subcommands = rest.length === 0 ? nextWords(program, asked) : [];
  const arg = argAt(command, line);
  if (arg === undefined || subcommands.length > 0) return starting(current, subcommands);
  return await argValues(arg, current, line, sources);
}

function commandOf({ commands }: HelpProgram, words: readonly string[]): HelpCommand | undefined {
  for (let length = words.length; length > 0; length -= 1) {
    const id = words.slice(0, length).join(':');
    const command = commands.find((each) => each.id === id);
    if (command !== undefined) return command;
  }
  return undefined;
}

/** The words that may follow those of a topic: commands, and topics with commands. */
function nextWords({ commands, topics }: HelpProgram, words: readonly string[]): readonly Candidate[] {
  const start = words.map((word) => `${word}:`).join('');
  const found = new Map<string, Candidate>();
  for (const { id, summary, hidden } of commands) {
    if (hidden === true || !id.startsWith(start)) continue;
    const [value = ''] = id.slice(start.length).split(':');
    const topic = topics[`${start}${value}`]?.description;
    if (id === `${start}${value}` || !found.has(value)) found.set(value, described(value, id === `${start}${value}` ? summary : topic));
  }
  return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}

const HELP: Candidate = { value: '--help', description: 'Show help.' };
const GLOBAL_FLAGS: readonly Candidate[] = [HELP, { value: '--version', description: 'Show the version.' }];

/** Flags that are not there yet, or may be there again. */
function flagCandidates(flags: readonly HelpFlag[], rest: readonly string[]): readonly Candidate[] {
  const given = new Set(rest.flatMap((word) => flagNamed(flags, word.replace(/=.*$/s, ''))?.name ?? []));
  const open = flags.filter(({ name, multiple }) => multiple === true || !given.has(name));
  return [...open.map(({ name, summary }) => described(`--${name}`, summary)), HELP];
}

/** The argument that the next word is for. */
function argAt({ args = {} }: HelpCommand, line: TypedLine): HelpArg | undefined {
  const list = Object.values(args);
  const last = list.at(-1);
  return list[line.args.length] ?? (last?.multiple === true ? last : undefined);
}

async function argValues(arg: HelpArg, current: string, line: TypedLine, sources: ValueSources): Promise<Completion> {
  const { name, options } = arg;
  if (options !== undefined) return starting(current, options.map(plain));
  const source = sourceOfArg(arg, line);
  if (source !== undefined) return starting(current, await sources[source](line));
  if (/file/.test(name)) return { kind: 'files', values: [] };
  return /folder|dir/.test(name) ? { kind: 'folders', values: [] } : NOTHING;
}

async function valuesOf(flag: HelpFlag, current: string, line: TypedLine, sources: ValueSources): Promise<Completion> {
  const { options, helpValue = '' } = flag;
  if (options !== undefined) return starting(current, options.map(plain));
  const source = sourceOfFlag(flag, line);
  // `ID|auto`: what is written small is meant as it stands.
  const forms = [helpValue].flat().join('|').split('|');
  const literal = forms.filter((form) => /^[a-z]+$/.test(form)).map(plain);
  if (source !== undefined) {
    const values = [...(await sources[source](line)), ...literal];
    return starting(current, [...new Map(values.map((one) => [one.value, one])).values()]);
  }
  if (forms.includes('FILE')) return { kind: 'files', values: [] };
  if (forms.includes('FOLDER')) return { kind: 'folders', values: [] };
  return starting(current, literal);
}

const plain = (value: string): Candidate => ({ value });

function starting(current: string, candidates: readonly Candidate[]): Completion {
  return { kind: 'values', values: candidates.filter(({ value }) => value.startsWith(current)) };
}

function prefixed(start: string, { kind, values }: Completion): Completion {
  return { kind, values: values.map((one) => ({ ...one, value: `${start}${one.value}` })) };
}

function described(value: string, description: string | undefined): Candidate {
  const [line = ''] = (description ?? '').split('\n');
  return line === '' ? { value } : { value, description: line };
}
