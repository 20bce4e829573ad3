import { bundledFolders, readProgram } from '../../help/fast.js';
import type { HelpProgram } from '../../help/types.js';
import { dataFolder, readUserPlugins, userPluginFolder } from '../../plugins/user-plugins.js';
import { complete } from './complete.js';
import type { Completion, CompletionPlace } from './types.js';
import { valueSources } from './value-sources.js';

/**
 * What the shells' scripts get: a line that says what is due, then values with their descriptions. Told from the manifests, without
 * loading the program: somebody waits at a prompt. An empty answer where that cannot be told: completion never fails.
 */
export async function answerCompletion(words: readonly string[], place: CompletionPlace): Promise<string> {
  const bundled = bundledFolders(place.root);
  const data = dataFolder(place.env);
  const installed = readUserPlugins(data).plugins.map((plugin) => userPluginFolder(data, plugin));
  const program = bundled === undefined ? undefined : withPlugins(place.root, bundled, installed);
  if (bundled === undefined || program === undefined) return '';
  return textOf(await complete(program, words, valueSources({ bundled, installed }, place)));
}

/** What heddle brings, and of plugins the commands that it does not have itself; of one without a manifest, none. */
function withPlugins(root: string, bundled: readonly string[], installed: readonly string[]): HelpProgram | undefined {
  const own = readProgram(root, bundled);
  if (own === undefined) return undefined;
  const more = installed.flatMap((folder) => readProgram(root, [folder]) ?? []);
  const known = new Set(own.commands.map(({ id }) => id));
  return {
    ...own,
    commands: [...own.commands, ...more.flatMap(({ commands }) => commands).filter(({ id }) => !known.has(id))],
    topics: Object.assign({}, ...more.map(({ topics }) => topics), own.topics),
  };
}

function textOf({ kind, values }: Completion): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a value with one would be two lines, or move the cursor
  const line = (text: string) => text.replace(/[\0-\x1f\x7f]/g, ' ');
  const lines = values.map(({ value, description }) => (description === undefined ? line(value) : `${line(value)}\t${line(description)}`));
  return [kind, ...lines].map((each) => `${each}\n`).join('');
}
