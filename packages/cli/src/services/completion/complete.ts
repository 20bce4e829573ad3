import type { HelpArg, HelpCommand, HelpFlag, HelpProgram } from '../../help/types.js';

/** What can stand in the place of the last word. */
export interface Completion {
  /** `values`: these, and nothing else. The others are for the shell: names of files or folders, or a command line of its own. */
  readonly kind: 'values' | 'files' | 'folders' | 'command';
  readonly values: readonly Candidate[];
}

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** Values that depend on the machine; asked for only where one of them is due. */
export interface ValueSources {
  contexts(): Promise<readonly string[]>;
  clusters(): Promise<readonly string[]>;
  meshes(): Promise<readonly string[]>;
  tunnels(): Promise<readonly string[]>;
  scenarios(): Promise<readonly string[]>;
}

/** Flags of these names mean the same in all commands. */
const SOURCE_OF: Readonly<Record<string, keyof ValueSources>> = {
  context: 'contexts',
  cluster: 'clusters',
  mesh: 'meshes',
  to: 'meshes',
  adapter: 'meshes',
  tunnel: 'tunnels',
  scenario: 'scenarios',
};

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
  if (pending !== undefined && pending.type !== 'boolean') return await valuesOf(pending, current, sources);
  const [, name = '', value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const assigned = value === undefined ? undefined : flagNamed(flags, name);
  if (assigned !== undefined && value !== undefined) return prefixed(`${name}=`, await valuesOf(assigned, value, sources));
  if (current.startsWith('-')) return starting(current, flagCandidates(flags, rest));
  const subcommands = rest.length === 0 ? nextWords(program, asked) : [];
  const arg = argAt(command, flags, rest);
  if (arg === undefined || subcommands.length > 0) return starting(current, subcommands);
  return argValues(arg, current);
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

function flagNamed(flags: readonly HelpFlag[], word: string): HelpFlag | undefined {
  return flags.find(({ name, char }) => word === `--${name}` || (char !== undefined && word === `-${char}`));
}

/** Flags that are not there yet, or may be there again. */
function flagCandidates(flags: readonly HelpFlag[], rest: readonly string[]): readonly Candidate[] {
  const given = new Set(rest.flatMap((word) => flagNamed(flags, word.replace(/=.*$/s, ''))?.name ?? []));
  const open = flags.filter(({ name, multiple }) => multiple === true || !given.has(name));
  return [...open.map(({ name, summary }) => described(`--${name}`, summary)), HELP];
}

/** The argument that the next word is for. */
function argAt({ args = {} }: HelpCommand, flags: readonly HelpFlag[], rest: readonly string[]): HelpArg | undefined {
  const takesValue = (word: string | undefined) => word !== undefined && (flagNamed(flags, word)?.type ?? 'boolean') !== 'boolean';
  const count = rest.filter((word, index) => !word.startsWith('-') && !takesValue(rest[index - 1])).length;
  const list = Object.values(args);
  const last = list.at(-1);
  return list[count] ?? (last?.multiple === true ? last : undefined);
}

function argValues({ name, options }: HelpArg, current: string): Completion {
  if (options !== undefined)
    return starting(
      current,
      options.map((value) => ({ value })),
    );
  if (/file/.test(name)) return { kind: 'files', values: [] };
  return /folder|dir/.test(name) ? { kind: 'folders', values: [] } : NOTHING;
}

async function valuesOf({ name, options, helpValue = '' }: HelpFlag, current: string, sources: ValueSources): Promise<Completion> {
  if (options !== undefined)
    return starting(
      current,
      options.map((value) => ({ value })),
    );
  const source = SOURCE_OF[name];
  // `ID|auto`: what is written small is meant as it stands.
  const forms = [helpValue].flat().join('|').split('|');
  const literal = forms.filter((form) => /^[a-z]+$/.test(form));
  if (source !== undefined) {
    const values = [...new Set([...(await sources[source]()), ...literal])];
    return starting(
      current,
      values.map((value) => ({ value })),
    );
  }
  if (forms.includes('FILE')) return { kind: 'files', values: [] };
  if (forms.includes('FOLDER')) return { kind: 'folders', values: [] };
  return starting(
    current,
    literal.map((value) => ({ value })),
  );
}

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
