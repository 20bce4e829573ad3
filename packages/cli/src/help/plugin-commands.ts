import type { HelpCommand } from './types.js';

type Words = Pick<HelpCommand, 'summary' | 'description' | 'examples'>;

const INSTALLED =
  "A package is installed with npm into a folder of heddle's own (HEDDLE_DATA_DIR, else ~/.local/share/heddle). HEDDLE_NPM_REGISTRY names another registry, and npm's own configuration holds. A plugin runs with your rights: install what you trust.";

/** The commands of oclif's plugin manager in heddle's words: it speaks of any program, and of replacing bundled plugins, which heddle does not allow. */
const WORDS: Readonly<Record<string, Words>> = {
  plugins: {
    summary: 'List the plugins that you installed.',
    description: 'What they bring, and whether it works, is told by heddle adapters.',
    examples: [{ description: 'Those that come with heddle too', command: 'heddle plugins --core' }],
  },
  'plugins:install': {
    summary: 'Install a plugin: a package that brings adapters, tunnels or commands.',
    description: `${INSTALLED}

What heddle brings itself stands: a plugin adds to it, and one that declares the id of a bundled adapter or tunnel, or a command that heddle has, is not used for that.`,
    examples: [
      { description: 'From the registry', command: 'heddle plugins install @acme/heddle-adapter-consul' },
      { description: 'A tarball that npm pack made', command: 'heddle plugins install ./acme-heddle-adapter-consul-1.0.0.tgz' },
      { description: 'From a Git repository', command: 'heddle plugins install https://git.example/acme/heddle-adapter-consul.git' },
    ],
  },
  'plugins:link': {
    summary: 'Use a plugin from its folder, while you write it.',
    description: 'Only compiled code is run: build it first, and again after each change.',
    examples: [{ description: 'The plugin in this folder', command: 'heddle plugins link .' }],
  },
  'plugins:uninstall': {
    summary: 'Remove a plugin, installed or linked.',
    description: 'Name it as heddle plugins lists it.',
    examples: [{ description: 'One', command: 'heddle plugins uninstall @acme/heddle-adapter-consul' }],
  },
  'plugins:inspect': {
    summary: 'Show where a plugin was installed from, and with which dependencies.',
    description: '',
    examples: [{ description: 'One', command: 'heddle plugins inspect @acme/heddle-adapter-consul' }],
  },
  'plugins:update': {
    summary: 'Update the plugins that you installed.',
    description: 'Each to the newest version that its tag or range allows.',
    examples: [{ description: 'All', command: 'heddle plugins update' }],
  },
  'plugins:reset': {
    summary: 'Remove all plugins, installed and linked.',
    description: '',
    examples: [{ description: 'Also what npm left in the folder', command: 'heddle plugins reset --hard' }],
  },
};

/** A command with heddle's words for it, if it is one of the plugin manager's. */
export function inOurWords(command: HelpCommand): HelpCommand {
  return Object.hasOwn(WORDS, command.id) ? { ...command, ...WORDS[command.id] } : command;
}
