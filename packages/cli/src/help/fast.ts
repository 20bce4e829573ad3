import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { dataFolder, packageFolder, readUserPlugins, userPluginFolder } from '../plugins/user-plugins.js';
import { styleFor, wantsColour } from '../terminal/style.js';
import { inOurWords } from './plugin-commands.js';
import { renderCommandHelp, renderRootHelp, renderTopicHelp } from './render.js';
import type { HelpCommand, HelpPaper, HelpProgram } from './types.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Help from the manifests, without loading oclif. `undefined` when that cannot give the whole answer: another command line,
 * a bundled package without a manifest, a plugin of the user's that brings commands.
 */
export function fastHelp(argv: readonly string[], root: string, env: Env, stdout: { isTTY: boolean; columns: number }): string | undefined {
  const subject = helpSubject(argv);
  if (subject === undefined || userPluginsBringCommands(env)) return undefined;
  const folders = bundledFolders(root);
  const program = folders === undefined ? undefined : readProgram(root, folders);
  if (program === undefined) return undefined;
  return helpFor(program, subject, helpPaper(stdout, env));
}

/** The words that help is asked for; `undefined` when it is not asked for, or with flags beside it. */
export function helpSubject(argv: readonly string[]): readonly string[] | undefined {
  if (argv.length === 0) return [];
  const cut = argv.indexOf('--');
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const asked = own[0] === 'help' || own.some(isHelpFlag);
  if (!asked) return undefined;
  const words = own.filter((argument, index) => !isHelpFlag(argument) && !(index === 0 && argument === 'help'));
  // What stands before the first flag can be a command; the rest is what the user was typing when they asked.
  const end = words.findIndex((word) => word.startsWith('-'));
  return end < 0 ? words : words.slice(0, end);
}

/** The longest command or topic that the words begin with; nothing for an unknown one. */
export function helpFor(program: HelpProgram, words: readonly string[], paper: HelpPaper): string | undefined {
  if (words.length === 0) return renderRootHelp(program, paper);
  for (let length = words.length; length > 0; length -= 1) {
    const id = words.slice(0, length).join(':');
    const command = program.commands.find((each) => each.id === id);
    if (command !== undefined) return renderCommandHelp(program, command, paper);
    if (program.commands.some((each) => each.id.startsWith(`${id}:`)))
      return length === words.length ? renderTopicHelp(program, id, paper) : undefined;
  }
  return undefined;
}

export function helpPaper(stdout: { isTTY: boolean; columns: number }, env: Env): HelpPaper {
  return {
    ...styleFor(wantsColour(stdout.isTTY, env)),
    width: stdout.isTTY && stdout.columns > 0 ? Math.min(Math.max(stdout.columns, 60), 110) : 100,
  };
}

function isHelpFlag(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

interface PackageJson {
  readonly version: string;
  readonly description?: string;
  readonly oclif?: {
    readonly bin?: string;
    readonly commands?: unknown;
    readonly plugins?: readonly string[];
    readonly topics?: HelpProgram['topics'];
    readonly description?: string;
  };
}

/** The folders of this package and of those that it brings; `undefined` where one of them is not there. */
export function bundledFolders(root: string): readonly string[] | undefined {
  const main = readJson<PackageJson>(join(root, 'package.json'));
  const places = createRequire(join(root, 'package.json')).resolve.paths('any') ?? [];
  const found = (main?.oclif?.plugins ?? []).map((name) => packageFolder(name, places));
  const folders = found.filter((folder) => folder !== undefined);
  return main === undefined || folders.length < found.length ? undefined : [root, ...folders];
}

/** The program as the manifests of folders tell it; `undefined` where one that brings commands has none, or one of another version. */
export function readProgram(root: string, folders: readonly string[]): HelpProgram | undefined {
  const main = readJson<PackageJson>(join(root, 'package.json'));
  if (main?.oclif === undefined) return undefined;
  const commands: HelpCommand[] = [];
  let topics: HelpProgram['topics'] = {};
  for (const folder of folders) {
    const pjson = readJson<PackageJson>(join(folder, 'package.json'));
    if (pjson?.oclif?.commands === undefined) continue;
    const manifest = readJson<{ version: string; commands: Record<string, HelpCommand> }>(join(folder, 'oclif.manifest.json'));
    if (manifest === undefined || manifest.version !== pjson.version) return undefined;
    commands.push(...Object.values(manifest.commands).map(inOurWords));
    topics = { ...topics, ...pjson.oclif.topics };
  }
  return { bin: main.oclif.bin ?? 'heddle', version: main.version, description: main.oclif.description ?? '', commands, topics };
}

/** Adapters and tunnels change nothing in the help; commands do, and how they stand beside ours only the whole program knows. */
function userPluginsBringCommands(env: Env): boolean {
  const folder = dataFolder(env);
  const { plugins, problem } = readUserPlugins(folder);
  if (problem !== undefined) return true;
  return plugins.some((plugin) => {
    const pjson = readJson<PackageJson>(join(userPluginFolder(folder, plugin), 'package.json'));
    return pjson?.oclif?.commands !== undefined;
  });
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
