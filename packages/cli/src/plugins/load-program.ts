import { Config, Plugin } from '@oclif/core';
import type { CatalogueProblem } from './catalogue.js';
import { readUserPlugins, type UserPlugin, userPluginFolder } from './user-plugins.js';

/** Where the plugins' problems are kept on oclif's config: the one object that reaches every command. */
const PROBLEMS = Symbol.for('heddle.pluginProblems');

/**
 * The program with what the user installed. oclif loads users' plugins before the bundled ones, so that a package of the same name
 * takes the place of a bundled one; here what heddle brings always stands, and a plugin only adds to it. A plugin that cannot be
 * loaded is a problem that is told, never an error.
 */
export async function loadProgram(root: string): Promise<Config> {
  const bundled = await Config.load({ root, userPlugins: false });
  const list = readUserPlugins(bundled.dataDir);
  const problems: CatalogueProblem[] = list.problem === undefined ? [] : [{ package: 'plugins', message: list.problem }];
  const plugins = new Map<string, Plugin>();
  for (const entry of list.plugins) {
    const loaded = await loadUserPlugin(bundled, entry);
    problems.push(...loaded.problems);
    if (loaded.plugin !== undefined && !plugins.has(loaded.plugin.name)) plugins.set(loaded.plugin.name, loaded.plugin);
  }
  const config = plugins.size === 0 ? bundled : await withPlugins(bundled, root, plugins, problems);
  Object.defineProperty(config, PROBLEMS, { value: problems, configurable: true });
  return config;
}

/** What is wrong with the user's plugins, apart from what they declare. */
export function pluginProblems(config: Config): readonly CatalogueProblem[] {
  const problems: unknown = Reflect.get(config, PROBLEMS);
  return Array.isArray(problems) ? problems : [];
}

/** The names of the packages that heddle brings. */
export function bundledNames(config: Config): readonly string[] {
  return [config.name, ...(config.pjson.oclif.plugins ?? [])];
}

/** The bundled program and the plugins; one whose description cannot be used at all is left out. */
async function withPlugins(
  bundled: Config,
  root: string,
  plugins: ReadonlyMap<string, Plugin>,
  problems: CatalogueProblem[],
): Promise<Config> {
  const load = (more: Iterable<readonly [string, Plugin]>) =>
    Config.load({ root, userPlugins: false, plugins: new Map([...(bundled.plugins as Map<string, Plugin>), ...more]) });
  try {
    return await load(plugins);
  } catch {
    const sound: (readonly [string, Plugin])[] = [];
    for (const each of plugins) {
      try {
        await load([each]);
        sound.push(each);
      } catch (error) {
        problems.push({ package: each[0], message: `It cannot be used: ${messageOf(error)}. ${removal(each[0])}` });
      }
    }
    return load(sound);
  }
}

interface Loaded {
  readonly plugin?: Plugin;
  readonly problems: readonly CatalogueProblem[];
}

async function loadUserPlugin(bundled: Config, entry: UserPlugin): Promise<Loaded> {
  const problem = (message: string): CatalogueProblem => ({ package: entry.name, message });
  const remove = removal(entry.name);
  if (bundledNames(bundled).includes(entry.name))
    return { problems: [problem(`heddle brings this package itself, so it is not used. ${remove}`)] };
  const { name, type, tag, url } = entry;
  const plugin = new Plugin({
    ...{ name, type, root: userPluginFolder(bundled.dataDir, entry) },
    ...(tag === undefined ? {} : { tag }),
    ...(url === undefined ? {} : { url }),
  });
  try {
    await plugin.load();
    // An alias (`npm:`) hides a package of ours behind another name.
    if (bundledNames(bundled).includes(plugin.name))
      return { problems: [problem(`It is ${plugin.name}, which heddle brings itself, so it is not used. ${remove}`)] };
    return { plugin, problems: [...ownCommandsOnly(bundled, plugin), ...unused(plugin)].map(problem) };
  } catch (error) {
    return { problems: [problem(`It cannot be loaded: ${reasonOf(error, entry)}. ${remove}`)] };
  }
}

const removal = (name: string) => `Remove it: heddle plugins uninstall ${name}`;

/** Takes away what could change or break other commands, and tells of it: hooks run with every command, and plugins bring plugins. */
function unused(plugin: Plugin): readonly string[] {
  const hooks = Object.keys(plugin.hooks);
  plugin.hooks = {};
  const below = plugin.pjson.oclif.plugins ?? [];
  return [
    ...(hooks.length === 0 ? [] : [`Hooks of a plugin are not run: ${hooks.join(', ')}.`]),
    ...(below.length === 0 ? [] : [`Plugins that it brings are not loaded; install each by itself: ${below.join(', ')}.`]),
  ];
}

/** Takes away commands that heddle has itself; tells of those, and of commands whose modules do not load. */
function ownCommandsOnly(bundled: Config, plugin: Plugin): readonly string[] {
  const torn = plugin.commandIDs.filter((id) => !plugin.commands.some((command) => command.id === id));
  const taken = plugin.commands.filter(({ id, aliases }) =>
    [id, ...(aliases ?? [])].some((each) => bundled.findCommand(each) !== undefined),
  );
  plugin.commands = plugin.commands.filter((command) => !taken.includes(command));
  return [
    ...(torn.length === 0 ? [] : [`Commands that cannot be loaded: ${names(torn)}.`]),
    ...(taken.length === 0
      ? []
      : [`Commands that heddle has itself, and that are not taken from a plugin: ${names(taken.map(({ id }) => id))}.`]),
  ];
}

const names = (ids: readonly string[]) => ids.map((id) => id.replaceAll(':', ' ')).join(', ');

function reasonOf(error: unknown, entry: UserPlugin): string {
  const message = messageOf(error);
  if (/^could not find package\.json/.test(message))
    return `${entry.type === 'link' ? (entry.root ?? 'its folder') : 'its package.json'} is not there`;
  return message;
}

function messageOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line;
}
