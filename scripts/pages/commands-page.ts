/** What oclif's manifests say of a command, as far as this page needs it. */
export interface ManifestCommand {
  readonly id: string;
  readonly hidden?: boolean;
}

/** docs/commands.md: the help of every command, as the command line prints it. `render` is the command line's own renderer. */
export function commandsPage<C extends ManifestCommand>(commands: readonly C[], render: (command: C) => string): string {
  const shown = commands.filter(({ hidden }) => hidden !== true).sort((a, b) => (a.id < b.id ? -1 : 1));
  const title = ({ id }: ManifestCommand) => `heddle ${id.replaceAll(':', ' ')}`;
  const anchor = (command: ManifestCommand) => title(command).replaceAll(' ', '-');
  return [
    '# Commands',
    '',
    'Made by `npm run generate` from the commands themselves; `heddle COMMAND --help` prints the same.',
    '',
    ...shown.map((command) => `- [${title(command)}](#${anchor(command)})`),
    ...shown.flatMap((command) => ['', `## ${title(command)}`, '', '```', render(command).trimEnd(), '```']),
    '',
  ].join('\n');
}
