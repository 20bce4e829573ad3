import type { HelpCommand, HelpFlag } from '../../help/types.js';

/** A command line as far as it has been typed, without the word that is to be completed. */
export interface TypedLine {
  /** With colons between topic and command. */
  readonly command: string;
  readonly args: readonly string[];
  /** By their long names; of one that stands there several times, the last. */
  readonly flags: Readonly<Record<string, string>>;
}

export function flagNamed(flags: readonly HelpFlag[], word: string): HelpFlag | undefined {
  return flags.find(({ name, char }) => word === `--${name}` || (char !== undefined && word === `-${char}`));
}

/** Reads the words behind a command's own. */
export function typedLine({ id }: Pick<HelpCommand, 'id'>, flags: readonly HelpFlag[], words: readonly string[]): TypedLine {
  const args: string[] = [];
  const given: Record<string, string> = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, start = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const flag = flagNamed(flags, start);
    if (flag === undefined) {
      if (!word.startsWith('-')) args.push(word);
    } else if (value !== undefined || (flag.type ?? 'boolean') === 'boolean') given[flag.name] = value ?? '';
    else {
      index += 1;
      given[flag.name] = words[index] ?? '';
    }
  }
  return { command: id, args, flags: given };
}
