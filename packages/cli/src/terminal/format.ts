export type OutputFormat = 'text' | 'json' | 'yaml';

const FORMATS: readonly OutputFormat[] = ['text', 'json', 'yaml'];

/** The form that a command line asks for, before it is parsed: errors in parsing come in it too. */
export function formatOf(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): OutputFormat {
  const cut = argv.indexOf('--');
  const own = cut < 0 ? argv : argv.slice(0, cut);
  let wanted = env.HEDDLE_OUTPUT;
  for (const [index, argument] of own.entries()) {
    if (argument === '-o' || argument === '--output') wanted = own[index + 1];
    else if (argument.startsWith('--output=')) wanted = argument.slice('--output='.length);
    else if (/^-o=?./.test(argument)) wanted = argument.replace(/^-o=?/, '');
  }
  return FORMATS.find((format) => format === wanted) ?? 'text';
}
